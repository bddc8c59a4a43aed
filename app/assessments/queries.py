"""Questions about forms, rules and the assessments of jobs. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app import clock
from app.agencies.models import Agency
from app.assessments.models import (
    ENDED_AT,
    Assessment,
    AssessmentForm,
    AssessmentItem,
    AssessmentRules,
)
from app.db import db
from app.engagements.models import Engagement
from app.policy import AGENCY_ROLES, Person, sees_whole_district

IS_CURRENT = and_(Assessment.confirmed_at.is_not(None), Assessment.superseded_at.is_(None))


@dataclass(frozen=True)
class Job:
    """A finished job as the list shows it, with its assessment: the one in force, or none yet."""

    engagement: Engagement
    current: Assessment | None
    pending: Assessment | None


def rules_in_force() -> AssessmentRules:
    """The newest version of the rules."""
    newest = select(AssessmentRules).order_by(AssessmentRules.version.desc()).limit(1)
    return db.session.scalars(newest).one()


def rules_of_version(version: int) -> AssessmentRules:
    """One version of the rules."""
    return db.session.scalars(
        select(AssessmentRules).where(AssessmentRules.version == version)
    ).one()


def all_rules() -> Sequence[AssessmentRules]:
    """Every version of the rules, newest first."""
    return db.session.scalars(
        select(AssessmentRules).order_by(AssessmentRules.version.desc())
    ).all()


def form_in_force() -> AssessmentForm:
    """The version of the form by which a new assessment is made."""
    living = select(AssessmentForm).where(AssessmentForm.retired_at.is_(None))
    newest = living.options(selectinload(AssessmentForm.items)).order_by(AssessmentForm.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def forms() -> Sequence[AssessmentForm]:
    """Every version of the form with its lines, newest first."""
    return db.session.scalars(
        select(AssessmentForm)
        .options(selectinload(AssessmentForm.items))
        .order_by(AssessmentForm.id.desc())
    ).all()


def items_of(form: AssessmentForm) -> Sequence[AssessmentItem]:
    """The lines of a form in their order."""
    return db.session.scalars(
        select(AssessmentItem)
        .where(AssessmentItem.form_id == form.id)
        .order_by(AssessmentItem.position)
    ).all()


def whole_assessment(assessment_id: int) -> Assessment | None:
    """One assessment with everything that its page shows."""
    query = select(Assessment).where(Assessment.id == assessment_id)
    people = (joinedload(Assessment.filled_by), joinedload(Assessment.confirmed_by))
    return db.session.scalar(
        query.options(*people, joinedload(Assessment.form), selectinload(Assessment.scores))
    )


def versions_of(engagement: Engagement) -> Sequence[Assessment]:
    """Every version of a job's assessment, newest first."""
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.engagement_id == engagement.id)
        .order_by(Assessment.version.desc())
    ).all()


def current_of(engagement: Engagement) -> Assessment | None:
    """The confirmed assessment of a job that is in force."""
    return db.session.scalar(
        select(Assessment).where(Assessment.engagement_id == engagement.id, IS_CURRENT)
    )


def ended_in(year: int) -> ColumnElement[bool]:
    """The job ended in this year, by Shanghai's calendar."""
    first, after = _bounds(year)
    return and_(first <= ENDED_AT, after > ENDED_AT)


def _bounds(year: int) -> tuple[datetime, datetime]:
    return clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))


def jobs_to_assess(user: Person, year: int | None = None) -> Select[Engagement]:
    """Finished jobs without a confirmed assessment, for those who see the whole district."""
    told = select(Assessment.id).where(Assessment.engagement_id == Engagement.id, IS_CURRENT)
    query = finished_jobs(user).where(~told.exists())
    return query if year is None else query.where(ended_in(year))


def finished_jobs(user: Person) -> Select[Engagement]:
    """The finished jobs that the overseers assess; nobody else sees this list."""
    query = (
        select(Engagement)
        .where(ENDED_AT.is_not(None))
        .options(joinedload(Engagement.agency).joinedload(Agency.organisation))
    )
    return query if sees_whole_district(user, None) else query.where(false())


def assessments_visible_to(user: Person) -> Select[Assessment]:
    """Exactly the newest assessments that this person may list: overseers all, an agency its own.

    An agency sees one from its confirmation on. The caller orders and pages them.
    """
    query = (
        select(Assessment)
        .join(Assessment.engagement)
        .where(or_(IS_CURRENT, Assessment.confirmed_at.is_(None)))
        .options(
            contains_eager(Assessment.engagement)
            .joinedload(Engagement.agency)
            .joinedload(Agency.organisation)
        )
    )
    if sees_whole_district(user, None):
        return query
    own = user.organisation_id if user.role in AGENCY_ROLES else -1
    return query.where(Engagement.agency_id == own, IS_CURRENT)


def awaiting_confirmation(user: Person) -> Select[Assessment]:
    """Those that wait for a second person, whom this one may be."""
    return assessments_visible_to(user).where(
        Assessment.submitted_at.is_not(None),
        Assessment.confirmed_at.is_(None),
        Assessment.filled_by_id != user.id,
    )


def years_with_ends() -> list[int]:
    """The years from the first end of work to the last one, newest first."""
    ended = ENDED_AT.is_not(None)
    first = select(func.min(ENDED_AT)).where(ended).scalar_subquery()
    last = select(func.max(ENDED_AT)).where(ended).scalar_subquery()
    ends = [clock.day_of(end).year for end in db.session.execute(select(first, last)).one() if end]
    return list(range(ends[1], ends[0] - 1, -1)) if ends else []
