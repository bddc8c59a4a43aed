"""What statistics are counted on: the facts of the engagements that a person sees."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import Organisation, User
from app.assessments.models import Assessment
from app.db import db
from app.engagements.models import Engagement, Stage, Task
from app.engagements.queries import engagements_visible_to
from app.guidance.models import GuidanceNote, NoteReply
from app.indicators.models import ResultUse
from app.pages.statistics import Job, StageFact, TaskFact
from app.policy import Role, sees_whole_district
from app.reviews.models import Review, ReviewRound, ReviewScore
from app.reviews.queries import in_force

Jobs = dict[int, Job]


@dataclass(frozen=True)
class Narrowing:
    """What the reader asked the statistics for."""

    by: str = "agency"
    year: int | None = None
    agency: int | None = None
    section: int | None = None
    unit: int | None = None
    stage: str = ""  # its code: only such stages are counted, and only jobs that have one


def jobs_of(user: User, asked: Narrowing, part: tuple[int, int] | None = None) -> list[Job]:
    """The engagements that a person sees and asked for, with everything that is counted.

    The newest come first; `part` says how many are passed over and how many are wanted.
    """
    keys = _chosen(user, asked).with_only_columns(Engagement.id)
    if part is not None:
        keys = keys.order_by(Engagement.id.desc()).offset(part[0]).limit(part[1])
    jobs = _jobs(keys)
    for add in _ADDED:
        add(jobs, keys)
    if sees_whole_district(user, None):  # as REVIEW_READ and ASSESSMENT_READ say
        _grades(jobs, keys)
        _stars(jobs, keys)
    return at_stage(jobs.values(), asked.stage) if asked.stage else list(jobs.values())


def at_stage(jobs: Iterable[Job], code: str) -> list[Job]:
    """The jobs that have begun such a stage, each with this stage alone."""
    found = []
    for job in jobs:
        job.stages = [stage for stage in job.stages if stage.code == code]
        if job.stages:
            found.append(job)
    return found


def _chosen(user: User, asked: Narrowing) -> Select[Any]:
    query: Select[Any] = engagements_visible_to(user).order_by(None)
    for column, value in ((Engagement.year, asked.year), (Engagement.agency_id, asked.agency)):
        if value is not None:
            query = query.where(column == value)
    if asked.section is not None:
        query = query.where(Engagement.tasks.any(Task.section_id == asked.section))
    if asked.unit is not None:
        query = query.where(Engagement.tasks.any(Task.unit_id == asked.unit))
    if asked.stage:
        begun = Stage.started_at.is_not(None)
        query = query.where(Engagement.stages.any(and_(Stage.code == asked.stage, begun)))
    if user.role is Role.SECTION_OFFICER:  # of a contract of several sections, all the same
        query = query.where(Engagement.tasks.any(Task.section_id == user.organisation_id))
    return query


def _jobs(keys: Select[Any]) -> Jobs:
    query = (
        select(
            Engagement.id,
            Engagement.code,
            Engagement.name,
            Engagement.agency_id,
            Organisation.name.label("agency"),
            Engagement.year,
            Engagement.refusal_count,
        )
        .join(Organisation, Organisation.id == Engagement.agency_id)
        .where(Engagement.id.in_(keys))
        .order_by(Engagement.id.desc())
    )
    return {
        key: Job(key, code, name, (agency, called), year, refusals)
        for key, code, name, agency, called, year, refusals in db.session.execute(query)
    }


def _stages(jobs: Jobs, keys: Select[Any]) -> None:
    over = func.coalesce(Engagement.terminated_at, Engagement.refused_at, Engagement.closed_at)
    query = (
        select(
            Stage.engagement_id,
            Stage.code,
            Stage.name,
            Stage.started_at,
            Stage.due_on,
            Stage.submitted_at,
            Stage.approved_at,
            Stage.returned_count,
            over.is_not(None),
        )
        .join(Stage.engagement)
        .where(Stage.engagement_id.in_(keys), Stage.started_at.is_not(None))
        .order_by(Stage.position, Stage.id)
    )
    for row in db.session.execute(query):
        told: Sequence[Any] = row[1:]
        jobs[row[0]].stages.append(StageFact(*told))


def _tasks(jobs: Jobs, keys: Select[Any]) -> None:
    unit, section = aliased(Organisation), aliased(Organisation)
    cut = (
        select(func.sum(ResultUse.decided_cut_fen))
        .where(ResultUse.task_id == Task.id, ResultUse.voided_at.is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    query = (
        select(Task.engagement_id, unit.id, unit.name, section.id, section.name, cut)
        .join(section, section.id == Task.section_id)
        .outerjoin(unit, unit.id == Task.unit_id)
        .where(Task.engagement_id.in_(keys))
        .order_by(Task.id)
    )
    for key, unit_id, unit_name, section_id, section_name, fen in db.session.execute(query):
        place = None if unit_id is None else (unit_id, unit_name)
        jobs[key].tasks.append(TaskFact(place, (section_id, section_name), int(fen or 0)))


def _notes(jobs: Jobs, keys: Select[Any]) -> None:
    first = (
        select(func.min(NoteReply.sent_at))
        .where(NoteReply.note_id == GuidanceNote.id)
        .correlate(GuidanceNote)
        .scalar_subquery()
    )
    query = select(GuidanceNote.engagement_id, GuidanceNote.issued_at, first)
    for key, issued, replied in db.session.execute(
        query.where(GuidanceNote.engagement_id.in_(keys))
    ):
        days = None
        if replied is not None:
            days = clock.working_days_between(clock.day_of(issued), clock.day_of(replied))
        jobs[key].answers.append(days)


def _grades(jobs: Jobs, keys: Select[Any]) -> None:
    query = select(Assessment.engagement_id, Assessment.grade).where(
        Assessment.engagement_id.in_(keys),
        Assessment.confirmed_at.is_not(None),
        Assessment.superseded_at.is_(None),
    )
    for key, grade in db.session.execute(query):
        jobs[key].grade = None if grade is None else grade.value


def _stars(jobs: Jobs, keys: Select[Any]) -> None:
    query = (
        select(ReviewRound.engagement_id, func.avg(ReviewScore.stars))
        .join(Review, Review.round_id == ReviewRound.id)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .where(ReviewRound.engagement_id.in_(keys), ReviewRound.unsealed_at.is_not(None))
        .where(ReviewScore.stars.is_not(None), in_force())
        .group_by(ReviewRound.engagement_id, Review.id)
    )
    for key, mean in db.session.execute(query):
        jobs[key].stars.append(float(mean))


_ADDED: tuple[Callable[[Jobs, Select[Any]], None], ...] = (_stages, _tasks, _notes)
