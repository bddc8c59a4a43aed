from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import reviews
from app.db import db, transaction
from app.engagements.labels import PARTIES, stage_label
from app.engagements.models import Engagement
from app.errors import Conflict
from app.policy import Permission, can
from app.reviews import queries, services
from app.reviews import weight_views as weight_views
from app.reviews.blueprint import bp
from app.reviews.forms import ReviewForm, form_for
from app.reviews.labels import ANCHORS, RULINGS, dimension_label, problem_label
from app.reviews.models import Review, ReviewInvitation, ReviewRound
from app.web import actor, gate, load, page_of, spend, told_in

WORDS: dict[str, Any] = {
    "parties": PARTIES,
    "anchors": ANCHORS,
    "dimension_label": dimension_label,
    "problem_label": problem_label,
    "rulings": RULINGS,
    "stage_label": stage_label,
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
    return shown(invitation, form_of(invitation))


def form_of(invitation: ReviewInvitation) -> ReviewForm:
    """The form of what this party is asked."""
    asked = queries.dimensions_for(invitation)
    return form_for(asked, queries.anchors_of(asked), queries.problem_kinds())


def shown(invitation: ReviewInvitation, form: ReviewForm) -> str:
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
    form = form_of(invitation)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            services.submit_review(actor(), invitation, form.answer())
    if form.errors:
        return shown(invitation, form), 422
    flash(_("Your review is submitted and sealed. Thank you"))
    return redirect(url_for(".show", invitation_id=invitation_id))


@bp.get("/reviews/<int:invitation_id>/rewriting")
def rewriting(invitation_id: int) -> ResponseReturnValue:
    review = returned(invitation_id)
    return again(review, form_of(review.invitation))


def returned(invitation_id: int) -> Review:
    """The review that an appeal returned to the person who is signed in."""
    invitation = load(ReviewInvitation, invitation_id, Permission.REVIEW_READ_OWN)
    if invitation.review is None or not invitation.review.is_returned:
        raise Conflict(_("This review isn't returned, or its days are over"))
    return invitation.review


def again(review: Review, form: ReviewForm) -> str:
    """The form beside the version before."""
    facts = {"invitation": review.invitation, "review": review, "form": form}
    return render_template("reviews/rewriting.html", **facts, **WORDS)


@bp.post("/reviews/<int:invitation_id>/rewriting")
def rewrite(invitation_id: int) -> ResponseReturnValue:
    review = returned(invitation_id)
    form = form_of(review.invitation)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            services.rewrite_review(actor(), review, form.answer())
    if form.errors:
        return again(review, form), 422
    flash(_("Your review is submitted. The version before stays readable"))
    return redirect(url_for(".show", invitation_id=invitation_id))


@bp.get("/engagements/<int:engagement_id>/reviews")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    found, user = queries.round_of(engagement), actor()
    facts = told_of(found, user) if found else {"panels": [], "reviews": None}
    facts["dimensions"] = db.session.scalars(queries.all_dimensions()).all()
    page = {"engagement": engagement, "round": found, **facts}
    return render_template("reviews/engagement.html", **page, **WORDS)


def told_of(found: ReviewRound, user: Any) -> dict[str, Any]:
    """What this person may read of a rating, and what upper features say beside it."""
    shown = (panel(found, user) for panel in reviews.panels)
    facts: dict[str, Any] = {
        "invitation": queries.invitation_for(user, found),
        "summary": queries.summary_of(user, found),
        "panels": [panel for panel in shown if panel],
        "reviews": None,
    }
    if can(user, Permission.REVIEW_READ, found):
        facts |= {"reviews": queries.reviews_of(found), "standing": queries.standing_of(found)}
    return facts
