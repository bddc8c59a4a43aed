"""The progress board: which engagements run, how far they are, and what is late. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, select

from app import clock
from app.accounts.lookups import Keys, is_among
from app.accounts.models import Organisation, User
from app.alerts.queries import counts_by_engagement
from app.db import db
from app.engagements.models import Engagement, EngagementTemplate, Stage, Task
from app.engagements.queries import engagements_visible_to, with_words
from app.fieldwork.queries import ProcessFacts, facts_of
from app.guidance.models import GuidanceNote, NoteKind
from app.oversight import queries as oversight
from app.oversight.queries import looked_after_by
from app.pages.ordering import ordered
from app.papers.models import VersionState, WorkingPaper
from app.policy import UNIT_ROLES, Permission, can

PAGE = 100
SOON = 3  # working days: from here on the light is yellow

NO_WORK = ProcessFacts()
AWAITS_REVIEW = WorkingPaper.state.in_([VersionState.SUBMITTED, VersionState.READ])


@dataclass(frozen=True)
class Filters:
    """What the reader asked the board for."""

    words: str = ""
    state: str = ""  # overdue, week, review, opinions
    template: str = ""
    year: int | None = None
    agency: Keys | None = None  # one, or all whose name fits what was typed
    section: int | None = None
    unit: Keys | None = None
    service: int | None = None  # the service type
    officer: int | None = None  # who looks after it
    sort: str = "due"
    page: int = 0
    view: str = ""  # table, lanes, timeline


@dataclass(frozen=True)
class Row:
    """One line of the board."""

    id: int
    code: str
    name: str
    agency: str
    template_code: str
    template: str
    amount_fen: int
    position: int
    stages: int
    stage_code: str
    stage: str
    due_on: date
    papers: int
    awaiting: int
    opinions: int
    days_left: int
    refusals: int
    officer: str = ""
    alerts: int = 0
    reminded: int = 0
    work: ProcessFacts = NO_WORK  # visits, talks, questionnaires, person-days on record

    @property
    def tone(self) -> str:
        """Red once overdue, amber when the day is near, green otherwise."""
        if self.days_left < 0:
            return "red"
        return "amber" if self.days_left <= SOON else "green"


CURRENT = and_(
    Stage.engagement_id == Engagement.id, Stage.position == Engagement.current_stage_position
)
SORTS: Mapping[str, Sequence[ColumnElement[Any]]] = {
    "due": (Stage.due_on.asc(), Engagement.id.asc()),
    "-due": (Stage.due_on.desc(), Engagement.id.desc()),
    "code": (Engagement.code.asc(),),
    "-code": (Engagement.code.desc(),),
    "agency": (Organisation.name.asc(), Engagement.id.asc()),
    "-agency": (Organisation.name.desc(), Engagement.id.desc()),
    "stage": (Engagement.current_stage_position.asc(), Engagement.id.asc()),
    "-stage": (Engagement.current_stage_position.desc(), Engagement.id.desc()),
}


def running(user: User) -> Select[Any]:
    """Engagements that this person may see and whose work is not yet put away."""
    return (
        engagements_visible_to(user)
        .join(Stage, CURRENT)
        .join(Organisation, Organisation.id == Engagement.agency_id)
        .join(EngagementTemplate, EngagementTemplate.id == Engagement.template_id)
        .where(Engagement.closed_at.is_(None), Engagement.terminated_at.is_(None))
        .where(Engagement.refused_at.is_(None))
        .order_by(None)
    )


def end_of_week(day: date) -> date:
    """The Sunday of this day's week."""
    return day + timedelta(days=6 - day.weekday())


def papers_awaiting() -> ColumnElement[bool]:
    """An engagement has a paper that the bureau has not yet decided."""
    return (
        select(WorkingPaper.id)
        .where(WorkingPaper.engagement_id == Engagement.id, AWAITS_REVIEW)
        .where(WorkingPaper.withdrawn_at.is_(None))
        .exists()
    )


def opinions_open() -> ColumnElement[bool]:
    """An engagement has an opinion that must be resolved and is not."""
    return (
        select(GuidanceNote.id)
        .where(GuidanceNote.engagement_id == Engagement.id, GuidanceNote.settled_at.is_(None))
        .where(GuidanceNote.kind == NoteKind.MUST_RESOLVE)
        .exists()
    )


def narrowed(query: Select[Any], filters: Filters) -> Select[Any]:
    """Apply what the reader asked for."""
    today = clock.today()
    states = {
        "overdue": Stage.due_on < today,
        "week": Stage.due_on.between(today, end_of_week(today)),
        "review": papers_awaiting(),
        "opinions": opinions_open(),
    }
    if filters.state in states:
        query = query.where(states[filters.state])
    if filters.template:
        query = query.where(EngagementTemplate.code == filters.template)
    for column, value in (
        (Engagement.year, filters.year),
        (Engagement.agency_id, filters.agency),
        (Engagement.service_type_id, filters.service),
    ):
        if value is not None:
            query = query.where(is_among(column, value))
    for task_column, value in ((Task.section_id, filters.section), (Task.unit_id, filters.unit)):
        if value is not None:
            query = query.where(Engagement.tasks.any(is_among(task_column, value)))
    if filters.officer is not None:
        query = query.where(looked_after_by(filters.officer))
    return with_words(query, filters.words)


def rows(user: User, filters: Filters, size: int = PAGE) -> tuple[list[Row], bool]:
    """One page of the board and whether there is a next one; always as many statements.

    The page's ids are cut out first: sums over tasks and stages are then made for those alone.
    """
    order = SORTS.get(filters.sort, SORTS["due"])
    page = ordered(narrowed(running(user), filters), order)
    keys = list(db.session.scalars(page.limit(size + 1).offset(filters.page * size)))
    more, keys = len(keys) > size, keys[:size]
    found = {row["id"]: row for row in db.session.execute(_particulars(keys)).mappings()}
    counted = _with_counts([found[key] for key in keys])
    return [replace(row, **told) for row, told in watched(user, counted)], more


def watched(user: User, found: Sequence[Row]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Each row with its officer and reminders; its warnings and work for those who read them."""
    keys = [row.id for row in found]
    officers, reminders = oversight.officers_of(keys), oversight.reminded(keys)
    reads = can(user, Permission.ALERT_LIST, None)
    warned = counts_by_engagement(keys) if reads else {}
    work = {} if user.role in UNIT_ROLES else facts_of(keys)
    for row in found:
        sent = reminders.get(row.id)
        told: dict[str, Any] = {"officer": officers.get(row.id, "")}
        told |= {"alerts": warned.get(row.id, 0)}
        told |= {"reminded": sent.times if sent else 0, "work": work.get(row.id, NO_WORK)}
        yield row, told


def _particulars(keys: Sequence[int]) -> Select[Any]:
    """What a line of the board says about each of these engagements."""
    stages = select(func.count()).where(Stage.engagement_id == Engagement.id)
    amount = select(func.sum(Task.amount_fen)).where(Task.engagement_id == Engagement.id)
    return (
        select(
            Engagement.id,
            Engagement.code,
            Engagement.name,
            Organisation.name.label("agency"),
            EngagementTemplate.code.label("template_code"),
            EngagementTemplate.name.label("template"),
            func.coalesce(amount.correlate(Engagement).scalar_subquery(), 0).label("amount_fen"),
            Engagement.current_stage_position.label("position"),
            stages.correlate(Engagement).scalar_subquery().label("stages"),
            Stage.code.label("stage_code"),
            Stage.name.label("stage"),
            Stage.due_on,
            Engagement.refusal_count.label("refusals"),
        )
        .join(Stage, CURRENT)
        .join(Organisation, Organisation.id == Engagement.agency_id)
        .join(EngagementTemplate, EngagementTemplate.id == Engagement.template_id)
        .where(Engagement.id.in_(keys))
    )


def _with_counts(found: Sequence[RowMapping]) -> list[Row]:
    keys = [row["id"] for row in found]
    papers = {
        key: (total, awaiting)
        for key, total, awaiting in db.session.execute(
            select(
                WorkingPaper.engagement_id,
                func.count(),
                func.sum(case((AWAITS_REVIEW, 1), else_=0)),
            )
            .where(WorkingPaper.engagement_id.in_(keys), WorkingPaper.withdrawn_at.is_(None))
            .group_by(WorkingPaper.engagement_id)
        )
    }
    counted = db.session.execute(
        select(GuidanceNote.engagement_id, func.count())
        .where(GuidanceNote.engagement_id.in_(keys), GuidanceNote.settled_at.is_(None))
        .group_by(GuidanceNote.engagement_id)
    )
    opinions = {row[0]: row[1] for row in counted}
    today = clock.today()
    left = {day: clock.working_days_between(today, day) for day in {r["due_on"] for r in found}}
    return [
        Row(
            **dict(row),
            papers=papers.get(row["id"], (0, 0))[0],
            awaiting=papers.get(row["id"], (0, 0))[1],
            opinions=opinions.get(row["id"], 0),
            days_left=left[row["due_on"]],
        )
        for row in found
    ]


@dataclass(frozen=True)
class Lane:
    """One stage, and the engagements that are at it."""

    code: str
    name: str
    rows: list[Row]


def lanes(found: Sequence[Row]) -> list[Lane]:
    """The rows by the stage that they are at, in the order of the stages."""
    made: dict[str, Lane] = {}
    for row in sorted(found, key=lambda each: each.position):
        made.setdefault(row.stage_code, Lane(row.stage_code, row.stage, [])).rows.append(row)
    for lane in made.values():
        lane.rows.sort(key=lambda each: (each.days_left, each.id))
    return list(made.values())


def template_names() -> list[tuple[str, str]]:
    """Code and name of every template in force, for the chips."""
    query = (
        select(EngagementTemplate.code, EngagementTemplate.name)
        .where(EngagementTemplate.retired_at.is_(None))
        .order_by(EngagementTemplate.id)
    )
    return [(code, name) for code, name in db.session.execute(query)]
