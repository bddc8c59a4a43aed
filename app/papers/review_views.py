"""The pages of three-level review: who reviews, how the papers stand, and reviewing."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Missing
from app.papers import labels, queries, review_queries, reviewing
from app.papers.blueprint import bp
from app.papers.models import PaperVersion, WorkingPaper
from app.papers.review_forms import LevelReplyForm, LevelReviewForm, ReviewersForm
from app.papers.review_models import LEVELS, LevelReview
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, spend, told_in


@bp.get("/engagements/<int:engagement_id>/level-reviews")
def level_reviews(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    return level_reviews_page(engagement, reviewers_form(engagement))


@bp.post("/engagements/<int:engagement_id>/level-reviewers")
def appoint_reviewers(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    gate(Permission.LEVEL_REVIEW_APPOINT, engagement)
    form = reviewers_form(engagement)
    with told_in(form, "first"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                reviewing.appoint_reviewers(actor(), engagement, form.people())
    if form.errors:
        return level_reviews_page(engagement, form), 422
    flash(_("The reviewers are named"))
    return redirect(url_for(".level_reviews", engagement_id=engagement_id))


@bp.post("/papers/<int:paper_id>/versions/<int:number>/level-reviews")
def review_level(paper_id: int, number: int) -> ResponseReturnValue:
    from app.papers.views import paper_page

    paper, form = load(WorkingPaper, paper_id, Permission.PAPER_READ), LevelReviewForm()
    turn = turn_of(paper, number)
    gate(Permission.LEVEL_REVIEW_WRITE, turn)
    with told_in(form, "opinion"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                reviewing.review_version(actor(), turn, form.found(), form.opinion.data)
    if form.errors:
        return paper_page(paper, level_form=form), 422
    flash(_("The review of level %(level)s is recorded", level=labels.NUMERALS[turn.level]))
    return redirect(url_for(".show", paper_id=paper_id))


@bp.post("/level-reviews/<int:review_id>/replies")
def reply_to_level(review_id: int) -> ResponseReturnValue:
    from app.papers.views import paper_page

    review, form = load(LevelReview, review_id, Permission.PAPER_READ), LevelReplyForm()
    gate(Permission.LEVEL_REVIEW_REPLY, review)
    with told_in(form, "reply"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                reviewing.reply_to_review(actor(), review, form.reply.data)
    if form.errors:
        return paper_page(review.version.paper, reply_errors=form.reply.errors), 422
    flash(_("The reply is recorded"))
    return redirect(url_for(".show", paper_id=review.version.paper_id))


def turn_of(paper: WorkingPaper, number: int) -> review_queries.Turn:
    """The level that waits; a Conflict where this version waits for nobody."""
    version: PaperVersion | None = queries.version_of(paper, number)
    if version is None:
        raise Missing
    turn = review_queries.standing_of(paper).turn
    if turn is None or turn.version.id != version.id:
        raise Conflict(_("This version waits for no review"))
    return turn


def reviewers_form(engagement: Engagement) -> ReviewersForm:
    form = ReviewersForm(data={"once": fresh_token()})
    form.bind(review_queries.staff_of(engagement), review_queries.reviewers_of(engagement))
    return form


def level_reviews_page(engagement: Engagement, form: ReviewersForm) -> str:
    found = [
        paper
        for paper in queries.papers_of(engagement)
        if paper.withdrawn_at is None and review_queries.is_reviewed(paper)
    ]
    return render_template(
        "papers/level_reviews.html",
        engagement=engagement,
        form=form,
        papers=found,
        standings=review_queries.standings_of(engagement, found),
        reviewers=review_queries.reviewers_of(engagement),
        levels=LEVELS,
        labels=labels,
    )


def panel_of(paper: WorkingPaper) -> dict[str, Any]:
    """What the page of a paper says of its three-level review; nothing where none is asked."""
    if not review_queries.is_reviewed(paper):
        return {}
    standing = review_queries.standing_of(paper)
    turn = standing.turn
    mine = turn is not None and can(actor(), Permission.LEVEL_REVIEW_WRITE, turn)
    form = LevelReviewForm(data={"level": turn.level, "once": fresh_token()}) if turn else None
    return {
        "standing": standing,
        "levels": LEVELS,
        "level_form": form if mine else None,
        "may_reply": can(actor(), Permission.LEVEL_REVIEW_REPLY, paper),
        "once": fresh_token(),
    }
