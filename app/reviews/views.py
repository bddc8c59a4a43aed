from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, transaction
from app.engagements.labels import PARTIES
from app.engagements.models import Engagement
from app.errors import Conflict
from app.policy import Permission, can
from app.reviews import queries, services
from app.reviews.forms import form_for
from app.reviews.labels import ANCHORS, dimension_label
from app.reviews.models import ReviewInvitation, ReviewRound
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("reviews", __name__)
WORDS: dict[str, Any] = {
    "parties": PARTIES,
    "anchors": ANCHORS,
    "dimension_label": dimension_label,
}


@bp.get("/reviews")
def index() -> ResponseReturnValue:
    gate(Permission.REVIEW_LIST)
    user = actor()
    page = page_of(queries.rounds_visible_to(user), ReviewRound.id)
    mine = queries.invitations_for(user)
    return render_template("reviews/index.html", mine=mine, page=page, **WORDS)


@bp.get("/reviews/<int:invitation_id>")
def show(invitation_id: int) -> ResponseReturnValue:
    invitation = load(ReviewInvitation, invitation_id, Permission.INVITATION_READ)
    return shown(invitation, form_for(queries.dimensions()))


def shown(invitation: ReviewInvitation, form: Any) -> str:
    """The form while the party is awaited; afterwards the review, to its writer alone."""
    if can(actor(), Permission.REVIEW_WRITE, invitation):
        return render_template("reviews/form.html", invitation=invitation, form=form, **WORDS)
    own = invitation.review if can(actor(), Permission.REVIEW_READ_OWN, invitation) else None
    return render_template("reviews/own.html", invitation=invitation, review=own, **WORDS)


@bp.post("/reviews/<int:invitation_id>")
def submit(invitation_id: int) -> ResponseReturnValue:
    invitation = load(ReviewInvitation, invitation_id, Permission.INVITATION_READ)
    if not invitation.is_awaited:
        raise Conflict(_("This review was submitted already, or its window is over"))
    form = form_for(queries.dimensions())
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            services.submit_review(actor(), invitation, form.answer())
    if form.errors:
        return shown(invitation, form), 422
    flash(_("Your review is submitted and sealed. Thank you"))
    return redirect(url_for(".show", invitation_id=invitation_id))


@bp.get("/engagements/<int:engagement_id>/reviews")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    found, user = queries.round_of(engagement), actor()
    facts: dict[str, Any] = {"engagement": engagement, "round": found, "reviews": None}
    if found is not None:
        facts["invitation"] = queries.invitation_for(user, found)
        facts["summary"] = queries.summary_of(user, found)
        if can(user, Permission.REVIEW_READ, found):
            facts["reviews"] = queries.reviews_of(found)
    dimensions = db.session.scalars(queries.all_dimensions()).all()
    return render_template("reviews/engagement.html", dimensions=dimensions, **facts, **WORDS)
