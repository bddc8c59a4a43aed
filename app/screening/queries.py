"""What the screens look at, and the signs that they raised. Nothing here changes anything."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.agencies.models import Agency
from app.db import db
from app.engagements.models import Engagement, Stage, Task
from app.engagements.moves import FINAL_REPORT
from app.indicators.models import ResultUse
from app.reviews.models import Dimension, Review, ReviewInvitation, ReviewRound, ReviewScore
from app.reviews.queries import in_force
from app.screening.models import Flag, FlagState, Screen

MEASURED = Path(__file__).parent.parent / "data" / "screens.json"


def flags(state: FlagState | None) -> Select[Flag]:
    """The signs, of one state or all, with what they speak of; the caller orders and pages them."""
    query = select(Flag).options(
        joinedload(Flag.agency).joinedload(Agency.organisation),
        joinedload(Flag.rater),
        joinedload(Flag.engagement),
    )
    return query if state is None else query.where(Flag.state == state)


def counts() -> dict[FlagState, int]:
    """How many signs there are of each state."""
    query = select(Flag.state, func.count()).group_by(Flag.state)
    found: dict[FlagState, int] = {}
    for state, count in db.session.execute(query):
        found[state] = count
    return {state: found.get(state, 0) for state in FlagState}


@cache
def measured() -> Mapping[str, Any]:
    """How often the screens err and what they find, as it was measured, with the day."""
    told: Mapping[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return told


def scores_counted() -> Sequence[Any]:
    """Every star of the opened reviews that count, with whose, of what and when, oldest first."""
    query = (
        select(
            Review.id.label("review"),
            Review.author_id.label("rater"),
            Review.submitted_at.label("at"),
            ReviewInvitation.party,
            ReviewInvitation.organisation_id.label("place"),
            Engagement.id.label("engagement"),
            Engagement.agency_id.label("agency"),
            Dimension.code,
            ReviewScore.stars,
        )
        .join(ReviewInvitation, Review.invitation_id == ReviewInvitation.id)
        .join(ReviewRound, Review.round_id == ReviewRound.id)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .join(Dimension, ReviewScore.dimension_id == Dimension.id)
        .where(ReviewRound.unsealed_at.is_not(None), ReviewScore.stars.is_not(None), in_force())
        .order_by(Review.submitted_at, Review.id)
    )
    return db.session.execute(query).all()


def final_reports() -> dict[int, tuple[Any, Any, int]]:
    """By engagement: when the final report was due and handed in, and returns of all stages."""
    report = (
        select(Stage.engagement_id, Stage.due_on, Stage.submitted_at)
        .where(Stage.code == FINAL_REPORT)
        .subquery()
    )
    query = (
        select(
            Stage.engagement_id,
            report.c.due_on,
            report.c.submitted_at,
            func.sum(Stage.returned_count),
        )
        .join(report, report.c.engagement_id == Stage.engagement_id)
        .group_by(Stage.engagement_id, report.c.due_on, report.c.submitted_at)
    )
    return {row[0]: (row[1], row[2], int(row[3] or 0)) for row in db.session.execute(query)}


def grades() -> dict[tuple[int, int], str]:
    """By engagement and unit: the grade that the evaluated project got."""
    query = (
        select(Task.engagement_id, Task.unit_id, ResultUse.grade)
        .join(Task, ResultUse.task_id == Task.id)
        .where(ResultUse.voided_at.is_(None))
        .order_by(ResultUse.id)
    )
    told = db.session.execute(query)
    return {(job, unit): str(grade) for job, unit, grade in told if unit is not None}


def newest_of(screen: Screen, subject: Mapping[str, int | None]) -> Flag | None:
    """The newest sign that a screen raised about somebody or something."""
    query = select(Flag).where(
        Flag.screen == screen,
        *(getattr(Flag, name).is_not_distinct_from(key) for name, key in subject.items()),
    )
    return db.session.scalars(query.order_by(Flag.id.desc()).limit(1)).first()
