from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.appeals import forms, queries, services
from app.appeals.labels import OUTCOMES
from app.appeals.models import Appeal
from app.db import transaction
from app.engagements.labels import PARTIES
from app.engagements.models import Engagement
from app.errors import Missing
from app.policy import Permission, can
from app.reviews.labels import RULINGS, dimension_label, problem_label
from app.reviews.models import ReviewRound
from app.reviews.queries import reviews_of, round_of
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("appeals", __name__)
WORDS: dict[str, Any] = {
    "outcomes": OUTCOMES,
    "parties": PARTIES,
    "rulings": RULINGS,
    "dimension_label": dimension_label,
    "problem_label": problem_label,
}


@bp.get("/appeals")
def index() -> ResponseReturnValue:
    gate(Permission.APPEAL_LIST)
    page = page_of(queries.appeals_visible_to(actor()), Appeal.id)
    return render_template("appeals/index.html", page=page, **WORDS)


@bp.get("/engagements/<int:engagement_id>/appeal")
def new(engagement_id: int) -> ResponseReturnValue:
    found = rating_of(engagement_id, Permission.APPEAL_FILE)
    return asked(found, forms.appeal_form(queries.words_of(found, actor())))


def rating_of(engagement_id: int, permission: Permission) -> ReviewRound:
    """The rating of an engagement, for those who may do this with it."""
    found = round_of(load(Engagement, engagement_id, Permission.ENGAGEMENT_READ))
    if found is None or not can(actor(), permission, found):
        raise Missing(asked=permission, about=found)
    return found


def asked(found: ReviewRound, form: forms.AppealForm) -> str:
    last = queries.last_day_of(found, current_app.config["APPEAL_WINDOW_WORKING_DAYS"])
    return render_template("appeals/new.html", round=found, form=form, last_day=last)


@bp.post("/engagements/<int:engagement_id>/appeal")
def file(engagement_id: int) -> ResponseReturnValue:
    found = rating_of(engagement_id, Permission.APPEAL_FILE)
    words = queries.words_of(found, actor())
    form, asks = forms.appeal_form(words), current_app.config
    if form.validate_on_submit():
        terms = {"window": asks["APPEAL_WINDOW_WORKING_DAYS"]}
        terms["decision"] = asks["APPEAL_DECISION_WORKING_DAYS"]
        with told_in(form, "grounds"), transaction():
            spend(request.form.get("once"))
            grounds, quoted = form.grounds.data or "", form.ticked(words)
            services.file_appeal(actor(), found, grounds, quoted, **terms)
    if form.errors:
        return asked(found, form), 422
    flash(_("The appeal is filed"))
    return redirect(url_for("reviews.of_engagement", engagement_id=engagement_id))


@bp.get("/engagements/<int:engagement_id>/replies/new")
def new_reply(engagement_id: int) -> ResponseReturnValue:
    found = rating_of(engagement_id, Permission.REVIEW_REPLY)
    return render_template("appeals/reply.html", round=found, form=forms.ReplyForm())


@bp.post("/engagements/<int:engagement_id>/replies")
def reply(engagement_id: int) -> ResponseReturnValue:
    found, form = rating_of(engagement_id, Permission.REVIEW_REPLY), forms.ReplyForm()
    if form.validate_on_submit():
        window: int = current_app.config["APPEAL_WINDOW_WORKING_DAYS"]
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            services.reply(actor(), found, form.words.data or "", window=window)
    if form.errors:
        return render_template("appeals/reply.html", round=found, form=form), 422
    flash(_("Your reply stands beside the rating"))
    return redirect(url_for("reviews.of_engagement", engagement_id=engagement_id))


@bp.get("/appeals/<int:appeal_id>")
def show(appeal_id: int) -> ResponseReturnValue:
    appeal = load(Appeal, appeal_id, Permission.APPEAL_READ)
    return shown(appeal, forms.decision_form(queries.judged(appeal)))


def shown(appeal: Appeal, form: forms.DecisionForm) -> str:
    """The appeal; the reviews themselves for those who read them, the form for the decider."""
    reads = can(actor(), Permission.REVIEW_READ, appeal.round)
    facts = {"appeal": appeal, "form": form, "reviews": reviews_of(appeal.round) if reads else None}
    return render_template("appeals/show.html", **facts, **WORDS)


@bp.post("/appeals/<int:appeal_id>/decision")
def decide(appeal_id: int) -> ResponseReturnValue:
    appeal = load(Appeal, appeal_id, Permission.APPEAL_READ)
    form = forms.decision_form(queries.judged(appeal))
    if form.validate_on_submit():
        days: int = current_app.config["REVIEW_RETURN_WORKING_DAYS"]
        with told_in(form, "reason"), transaction():
            spend(request.form.get("once"))
            services.decide_appeal(
                actor(), appeal, form.verdicts(), form.reason.data or "", days=days
            )
    if form.errors:
        return shown(appeal, form), 422
    flash(_("The appeal is decided"))
    return redirect(url_for(".show", appeal_id=appeal_id))
