"""The plain facts beside the stars, counted and not given by anybody. Changes nothing."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from app import clock
from app.assessments.annual_models import AnnualList, AnnualRow
from app.db import db
from app.engagements.models import Engagement, Stage
from app.rankings.queries import Period

Fact = dict[str, float | int | str | None]
NO_GRADE: Fact = {"grade": None, "grade_year": None}


def facts_of(period: Period) -> dict[int, Fact]:
    """For each agency: the share of stages handed in by their day, and rounds of return a job.

    Of the engagements that were opened by then; what isn't due yet and not handed in isn't counted.
    """
    query = (
        select(
            Engagement.agency_id,
            Stage.engagement_id,
            Stage.due_on,
            Stage.submitted_at,
            Stage.returned_count,
        )
        .join(Engagement, Stage.engagement_id == Engagement.id)
        .where(Engagement.opened_at < period.until, Stage.started_at < period.until)
    )
    counts: dict[int, _Tally] = defaultdict(_Tally)
    today = clock.day_of(period.until)
    for agency, engagement, due, submitted, returned in db.session.execute(query):
        counts[agency].add(engagement, due, clock.day_of(submitted) if submitted else None, today)
        counts[agency].returns += returned
    grades, running = _grades(period), _running(period)
    return {
        agency: {**tally.told(), "running": running.get(agency, 0), **grades.get(agency, NO_GRADE)}
        for agency, tally in sorted(counts.items())
    }


def _running(period: Period) -> dict[int, int]:
    """How many engagements each agency is busy with."""
    ends = (
        Engagement.accepted_at,
        Engagement.refused_at,
        Engagement.terminated_at,
        Engagement.closed_at,
    )
    query = (
        select(Engagement.agency_id, func.count())
        .where(Engagement.opened_at < period.until, *(end.is_(None) for end in ends))
        .group_by(Engagement.agency_id)
    )
    return {agency: count for agency, count in db.session.execute(query)}  # noqa: C416 - typed rows


def _grades(period: Period) -> dict[int, Fact]:
    """Each agency's grade of the last year whose list was in force then."""
    query = (
        select(AnnualRow.agency_id, AnnualRow.grade, AnnualList)
        .join(AnnualList, AnnualRow.list_id == AnnualList.id)
        .where(AnnualList.published_at < period.until, AnnualList.superseded_at.is_(None))
        .order_by(AnnualList.year)
    )
    return {
        agency: {"grade": str(found.rules.label(grade)), "grade_year": found.year}
        for agency, grade, found in db.session.execute(query)
    }


class _Tally:
    """Stages of one agency as they are counted."""

    def __init__(self) -> None:
        self.in_time = self.due = self.returns = 0
        self.engagements: set[int] = set()

    def add(self, engagement: int, due: date, submitted: date | None, today: date) -> None:
        self.engagements.add(engagement)
        if submitted or due < today:
            self.due += 1
            self.in_time += submitted is not None and submitted <= due

    def told(self) -> Fact:
        share = round(self.in_time / self.due, 4) if self.due else None
        return {"on_time": share, "returns": round(self.returns / len(self.engagements), 2),
                "jobs": len(self.engagements)}  # fmt: skip
