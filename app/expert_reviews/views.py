from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.queries import names_of
from app.attachments import sending
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.models import Engagement
from app.errors import Missing
from app.expert_reviews import labels, queries, services, totals
from app.expert_reviews.forms import AnswerForm, MinutesForm, ReviewForm, SheetForm, StatementForm
from app.expert_reviews.models import ExpertOpinion, ExpertReview, ExpertSeat, Ground
from app.intake import whole
from app.policy import Permission, Role
from app.web import actor, fresh_token, gate, load, spend, told_in

bp = Blueprint("expert_reviews", __name__)
READ, CALL = Permission.EXPERT_REVIEW_READ, Permission.EXPERT_REVIEW_CALL
bp.context_processor(lambda: {"labels": labels, "Ground": Ground, "today": clock.today()})
MOST_SHOWN = 100


@bp.get("/expert-reviews")
def index() -> ResponseReturnValue:
    query = queries.reviews_visible_to(actor()).order_by(ExpertReview.id.desc())
    found = db.session.scalars(query.limit(MOST_SHOWN)).all()
    waiting = {seat.review_id for seat in db.session.scalars(queries.seats_waiting(actor()))}
    return render_template("expert_reviews/index.html", reviews=found, waiting=waiting)


@bp.get("/engagements/<int:engagement_id>/expert-reviews")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    found = queries.reviews_of(engagement)
    return render_template("expert_reviews/engagement.html", engagement=engagement, reviews=found)


def to_call(engagement_id: int) -> Engagement:
    """An engagement for which this person may call experts."""
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    gate(CALL, engagement)
    return engagement


@bp.get("/engagements/<int:engagement_id>/expert-reviews/new")
def new(engagement_id: int) -> ResponseReturnValue:
    asked = request.args.getlist("expert", type=whole)  # a panel that was drawn
    told = {"held_on": clock.add_working_days(clock.today(), 5), "experts": asked}
    told["once"] = fresh_token()
    return new_page(to_call(engagement_id), ReviewForm(data=told))


def new_page(engagement: Engagement, form: ReviewForm) -> str:
    """The page on which a review is called."""
    form.bind(engagement)
    return render_template("expert_reviews/new.html", engagement=engagement, form=form)


@bp.post("/engagements/<int:engagement_id>/expert-reviews")
def call(engagement_id: int) -> ResponseReturnValue:
    engagement, form, made = to_call(engagement_id), ReviewForm(), None
    if form.bind(engagement).validate_on_submit():
        with told_in(form, "version"), transaction():
            spend(form.once.data)
            made = services.call_review(actor(), engagement, form.told())
    if made is None:
        return new_page(engagement, form), 422
    flash(_("The experts are invited"))
    return redirect(url_for(".show", review_id=made.id))


def to_read(review_id: int) -> ExpertReview:
    """A review that this person may read, with everything that its page shows."""
    queries.whole_review(review_id)
    return load(ExpertReview, review_id, READ)


@bp.get("/expert-reviews/<int:review_id>")
def show(review_id: int) -> ResponseReturnValue:
    return page(to_read(review_id))


def page(review: ExpertReview, **forms: Any) -> str:
    """The page of a review: to each what is theirs, and to all the end once it is there."""
    user, sheets = actor(), [seat for seat in review.seats if seat.submitted_at is not None]
    sheet = SheetForm.about(review, data={"once": fresh_token()})
    shown = {"statement": StatementForm(), "sheet": sheet, "minutes": MinutesForm(), **forms}
    return render_template(
        "expert_reviews/show.html",
        review=review,
        engagement=review.engagement,
        seat=next((one for one in review.seats if one.expert_id == user.id), None),
        sheets=sheets,
        means=totals.means([one.points for one in sheets]) if sheets else [],
        is_expert=user.role is Role.EXPERT,
        names_experts=user.role in {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR},
        entries=[] if user.role is Role.EXPERT else timeline(review, names=names_of),
        **shown,
    )


@bp.get("/expert-reviews/<int:review_id>/paper")
def paper(review_id: int) -> ResponseReturnValue:
    review = load(ExpertReview, review_id, READ)
    return sending.download_version(review.version, review, READ)


def own_seat(review_id: int) -> ExpertSeat:
    """This expert's own seat."""
    review = to_read(review_id)
    seat = next((one for one in review.seats if one.expert_id == actor().id), None)
    gate(Permission.EXPERT_SHEET_SUBMIT, seat or Seatless(review))
    if seat is None:
        raise Missing
    return seat


class Seatless:
    """Stands for the seat of somebody who has none: the policy refuses it and tells the log."""

    def __init__(self, review: ExpertReview) -> None:
        self.engagement, self.expert_id = review.engagement, 0


@bp.post("/expert-reviews/<int:review_id>/statement")
def state(review_id: int) -> ResponseReturnValue:
    seat, form = own_seat(review_id), StatementForm()
    if form.validate_on_submit():
        with told_in(form, "grounds"), transaction():
            services.state_grounds(actor(), seat, form.told())
    if form.errors:
        return page(seat.review, statement=form), 422
    flash(_("Your statement is on record"))
    return redirect(url_for(".show", review_id=review_id))


@bp.post("/expert-reviews/<int:review_id>/sheet")
def submit(review_id: int) -> ResponseReturnValue:
    seat = own_seat(review_id)
    form, done = SheetForm.about(seat.review), False
    if (more := request.form.get("add", type=whole)) is not None:
        form.add_rows(more)
        return page(seat.review, sheet=form)
    if form.validate_on_submit():
        with told_in(form, "points"), transaction():
            spend(form.once.data)
            services.submit_sheet(actor(), seat, form.told())
            done = True
    if not done or form.errors:
        return page(seat.review, sheet=form), 422
    flash(_("Your sheet is handed in"))
    return redirect(url_for(".show", review_id=review_id))


@bp.post("/expert-reviews/<int:review_id>/conclusion")
def conclude(review_id: int) -> ResponseReturnValue:
    review, form = to_read(review_id), MinutesForm()
    gate(CALL, review)
    if form.validate_on_submit():
        with told_in(form, "minutes"), transaction():
            services.conclude_review(actor(), review, form.minutes.data)
    if form.errors:
        return page(review, minutes=form), 422
    flash(_("The review is concluded; the agency answers every opinion"))
    return redirect(url_for(".show", review_id=review_id))


def to_answer(opinion_id: int) -> ExpertOpinion:
    """An opinion that this person may answer."""
    opinion = load(ExpertOpinion, opinion_id, READ)
    gate(Permission.EXPERT_OPINION_ANSWER, opinion)
    return opinion


@bp.get("/expert-opinions/<int:opinion_id>/answer")
def ask_answer(opinion_id: int) -> ResponseReturnValue:
    opinion = to_answer(opinion_id)
    return answer_page(opinion, AnswerForm(data={"answer": opinion.answer}))


def answer_page(opinion: ExpertOpinion, form: AnswerForm) -> str:
    """The page of one answer."""
    shown = {"opinion": opinion, "form": form, "engagement": opinion.engagement}
    return render_template("expert_reviews/answer.html", **shown)


@bp.post("/expert-opinions/<int:opinion_id>/answer")
def answer(opinion_id: int) -> ResponseReturnValue:
    opinion, form = to_answer(opinion_id), AnswerForm()
    if form.validate_on_submit():
        with told_in(form, "answer"), transaction():
            services.answer_opinion(actor(), opinion, form.answer.data)
    if form.errors:
        return answer_page(opinion, form), 422
    flash(_("Answered"))
    return redirect(url_for(".show", review_id=opinion.review_id, _anchor=f"o-{opinion.number}"))
