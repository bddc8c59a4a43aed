"""Questions about document requests. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app import clock
from app.accounts.models import Organisation
from app.db import db
from app.engagements.models import Engagement, Task
from app.engagements.queries import IS_OPEN
from app.papers.queries import readable_engagements
from app.policy import UNIT_ROLES, Person, Role
from app.requests.lateness import late_days
from app.requests.models import DocumentRequest, ItemState, RequestItem, RequestReminder

OWED = (ItemState.WANTED, ItemState.RETURNED)
OVERSEERS = {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}


@dataclass(frozen=True)
class RequestFacts:
    """What was asked of the units of one engagement, and how they answered."""

    items: int = 0
    owed: int = 0  # to be supplied still
    waiting: int = 0  # supplied, not yet confirmed
    overdue: int = 0
    late_days: int = 0  # working days, of those that came late and those that are overdue
    reminders: int = 0


def readable_requests(user: Person) -> ColumnElement[bool]:
    """Hold for exactly the lists for which can(user, DOCUMENT_REQUEST_READ, …) holds."""
    sent = DocumentRequest.sent_at.is_not(None)
    lines = [_reads_engagement(user)]
    if user.role in UNIT_ROLES:
        lines.append(and_(DocumentRequest.unit_id == user.organisation_id, sent))
    if user.role in OVERSEERS:
        own, unit = user.organisation_id, aliased(Organisation)
        above = or_(unit.department_id == own, unit.finance_office_id == own)
        lines.append(and_(DocumentRequest.unit.of_type(unit).has(above), sent))
    return or_(false(), *lines)


def _reads_engagement(user: Person) -> ColumnElement[bool]:
    """Whoever reads the papers reads the lists too; drafts are the agency's own."""
    reads = readable_engagements(user)
    own = user.organisation_id
    sent = DocumentRequest.sent_at.is_not(None)
    return and_(
        DocumentRequest.engagement.has(reads),
        or_(sent, DocumentRequest.engagement.has(Engagement.agency_id == own)),
    )


def requests_visible_to(user: Person) -> Select[DocumentRequest]:
    """Exactly the lists that this person may read."""
    return select(DocumentRequest).where(readable_requests(user))


def requests_of(engagement: Engagement, user: Person) -> Sequence[DocumentRequest]:
    """The lists of an engagement that this person may read, in a fixed number of statements."""
    query = requests_visible_to(user).where(DocumentRequest.engagement_id == engagement.id)
    return db.session.scalars(
        query.order_by(DocumentRequest.number).options(
            joinedload(DocumentRequest.unit),
            joinedload(DocumentRequest.task),
            selectinload(DocumentRequest.items).selectinload(RequestItem.files),
            selectinload(DocumentRequest.reminders),
        )
    ).all()


def whole_request(request_id: int) -> DocumentRequest | None:
    """A list with its items and their files, in a fixed number of statements."""
    return db.session.scalar(
        select(DocumentRequest)
        .where(DocumentRequest.id == request_id)
        .options(
            joinedload(DocumentRequest.unit),
            joinedload(DocumentRequest.task),
            selectinload(DocumentRequest.items).selectinload(RequestItem.files),
            selectinload(DocumentRequest.reminders),
        )
    )


def owed_by(user: Person) -> Select[RequestItem]:
    """What this unit has still to supply in running work, what is due first on top."""
    return (
        select(RequestItem)
        .join(RequestItem.request)
        .join(DocumentRequest.engagement)
        .where(DocumentRequest.unit_id == user.organisation_id)
        .where(DocumentRequest.sent_at.is_not(None), IS_OPEN, RequestItem.state.in_(OWED))
        .where(true() if user.role in UNIT_ROLES else false())
        .options(
            contains_eager(RequestItem.request).contains_eager(DocumentRequest.engagement),
            selectinload(RequestItem.files),
        )
        .order_by(RequestItem.due_on, RequestItem.id)
    )


def owed_in(engagement: Engagement, user: Person) -> tuple[int, date | None]:
    """How much is owed of an engagement's lists that this person reads, and the first due day."""
    query = (
        select(func.count(), func.min(RequestItem.due_on))
        .join(DocumentRequest, RequestItem.request_id == DocumentRequest.id)
        .where(DocumentRequest.engagement_id == engagement.id, readable_requests(user))
        .where(DocumentRequest.sent_at.is_not(None), RequestItem.state.in_(OWED))
    )
    count, first = db.session.execute(query).one()
    return count, first


def next_owed_by(user: Person) -> RequestItem | None:
    """The next thing that this unit has to supply."""
    return db.session.scalars(owed_by(user).limit(1)).first()


def waiting_for(user: Person) -> Select[RequestItem]:
    """What units have supplied to this agency and nobody there has looked at, oldest first."""
    return (
        select(RequestItem)
        .join(RequestItem.request)
        .join(DocumentRequest.engagement)
        .where(Engagement.agency_id == user.organisation_id, IS_OPEN)
        .where(RequestItem.state == ItemState.SUPPLIED)
        .options(
            contains_eager(RequestItem.request).contains_eager(DocumentRequest.engagement),
            contains_eager(RequestItem.request).joinedload(DocumentRequest.unit),
        )
        .order_by(RequestItem.supplied_at, RequestItem.id)
    )


def next_number(engagement: Engagement) -> int:
    """The number of the next list; the caller holds the engagement's row."""
    highest = select(func.max(DocumentRequest.number))
    found = db.session.scalar(highest.where(DocumentRequest.engagement_id == engagement.id))
    return (found or 0) + 1


def reminded_on(request: DocumentRequest, day: date) -> bool:
    """Whether a reminder of this list was sent on a day already."""
    last = select(func.max(RequestReminder.sent_at)).where(RequestReminder.request_id == request.id)
    at = db.session.scalar(last)
    return at is not None and clock.day_of(at) == day


def units_of(engagement: Engagement) -> list[Task]:
    """The tasks that have an evaluated unit: to each of them a list may go."""
    return [task for task in engagement.tasks if task.unit is not None]


def facts_of(engagement_ids: Collection[int]) -> dict[int, RequestFacts]:
    """What was asked of the units of many engagements, in one statement; each id has an answer."""
    told = {key: RequestFacts() for key in engagement_ids}
    if not told:
        return told
    found: dict[int, dict[str, int]] = {}
    for row in db.session.execute(_counted(told)):
        line = found.setdefault(row.engagement_id, dict.fromkeys(RequestFacts.__annotations__, 0))
        overdue = late_days(row.due_on, clock.today()) if row.owed else 0
        line["items"] += row.items
        line["owed"] += row.owed
        line["waiting"] += row.waiting
        line["late_days"] += row.late + overdue * row.owed
        line["overdue"] += row.owed if overdue else 0
        line["reminders"] = row.reminders
    return told | {key: RequestFacts(**line) for key, line in found.items()}


def _counted(keys: Collection[int]) -> Select[Any]:
    """Counts by engagement and due day: how late a day is only the calendar knows."""
    reminders = (
        select(func.count(RequestReminder.id))
        .join(DocumentRequest, RequestReminder.request_id == DocumentRequest.id)
        .where(DocumentRequest.engagement_id == Engagement.id)
        .correlate(Engagement)
        .scalar_subquery()
    )

    def number(*states: ItemState) -> ColumnElement[int]:
        return func.sum(case((RequestItem.state.in_(states), 1), else_=0))

    return (
        select(
            Engagement.id.label("engagement_id"),
            RequestItem.due_on,
            func.count().label("items"),
            number(*OWED).label("owed"),
            number(ItemState.SUPPLIED).label("waiting"),
            func.sum(RequestItem.late_days).label("late"),
            reminders.label("reminders"),
        )
        .join(DocumentRequest, DocumentRequest.engagement_id == Engagement.id)
        .join(RequestItem, RequestItem.request_id == DocumentRequest.id)
        .where(Engagement.id.in_(keys), DocumentRequest.sent_at.is_not(None))
        .group_by(Engagement.id, RequestItem.due_on)
    )
