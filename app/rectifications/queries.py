"""Questions about rectification. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app import clock
from app.accounts.models import Organisation
from app.db import db
from app.engagements.models import Engagement, Task
from app.policy import UNIT_ROLES, Person, Role
from app.rectifications.models import (
    RectificationItem,
    RectificationNotice,
    RectificationReminder,
    RectificationState,
)

OVERSEERS = {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}
WHOLE_DISTRICT = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}
OWED = (RectificationState.OPEN, RectificationState.RETURNED)


@dataclass(frozen=True)
class RectificationFacts:
    """What units have to put right after one engagement."""

    items: int = 0
    open: int = 0  # not yet confirmed
    waiting: int = 0  # reported, to be confirmed
    overdue: int = 0
    amount_fen: int = 0


def readable_notices(user: Person) -> ColumnElement[bool]:
    """Hold for exactly the notices for which can(user, RECTIFICATION_READ, …) holds."""
    own = user.organisation_id
    lines: list[ColumnElement[bool]] = []
    if user.role in WHOLE_DISTRICT:
        return true()
    if user.role in UNIT_ROLES:
        lines.append(RectificationNotice.unit_id == own)
    if user.role in OVERSEERS:
        unit = aliased(Organisation)
        above = or_(unit.department_id == own, unit.finance_office_id == own)
        lines.append(RectificationNotice.unit.of_type(unit).has(above))
    if user.role is Role.SECTION_OFFICER:
        mine = Engagement.tasks.any(Task.section_id == own)
        lines.append(RectificationNotice.engagement.has(mine))
    return or_(false(), *lines)


def notices_visible_to(user: Person) -> Select[RectificationNotice]:
    """Exactly the notices that this person may read."""
    return select(RectificationNotice).where(readable_notices(user))


def items_visible_to(user: Person) -> Select[RectificationItem]:
    """The items of those notices, with what a list shows of each."""
    return (
        select(RectificationItem)
        .join(RectificationItem.notice)
        .join(RectificationNotice.engagement)
        .where(readable_notices(user))
        .options(
            contains_eager(RectificationItem.notice).contains_eager(RectificationNotice.engagement),
            contains_eager(RectificationItem.notice).joinedload(RectificationNotice.unit),
        )
    )


def is_open() -> ColumnElement[bool]:
    """Not yet confirmed."""
    return RectificationItem.state != RectificationState.CONFIRMED


def is_overdue() -> ColumnElement[bool]:
    """Owed, and past its day."""
    return RectificationItem.state.in_(OWED) & (RectificationItem.due_on < clock.today())


def owed_by(user: Person) -> Select[RectificationItem]:
    """What this person's own unit has still to put right or to report, first due on top."""
    query = items_visible_to(user).where(RectificationItem.state.in_(OWED))
    query = query.where(RectificationNotice.unit_id == user.organisation_id)
    return query.order_by(RectificationItem.due_on, RectificationItem.id)


def waiting() -> Select[RectificationItem]:
    """Reports that the bureau has to look at."""
    return select(RectificationItem).where(RectificationItem.state == RectificationState.REPORTED)


def notices_of(engagement: Engagement, user: Person) -> Sequence[RectificationNotice]:
    """The notices of an engagement that this person may read, in a fixed number of statements."""
    query = notices_visible_to(user).where(RectificationNotice.engagement_id == engagement.id)
    return db.session.scalars(_whole(query).order_by(RectificationNotice.number)).all()


def whole_notice(notice_id: int) -> RectificationNotice | None:
    """A notice with everything that its page shows."""
    query = select(RectificationNotice).where(RectificationNotice.id == notice_id)
    return db.session.scalar(_whole(query))


def _whole(query: Select[RectificationNotice]) -> Select[RectificationNotice]:
    return query.options(
        joinedload(RectificationNotice.unit),
        selectinload(RectificationNotice.items).selectinload(RectificationItem.files),
        selectinload(RectificationNotice.reminders),
    )


def next_number(engagement: Engagement) -> int:
    """The number of the next notice; the caller holds the engagement's row."""
    highest = select(func.max(RectificationNotice.number))
    found = db.session.scalar(highest.where(RectificationNotice.engagement_id == engagement.id))
    return (found or 0) + 1


def reminded_on(notice: RectificationNotice, day: date) -> bool:
    """Whether a reminder of this notice was sent on a day already."""
    last = select(func.max(RectificationReminder.sent_at))
    at = db.session.scalar(last.where(RectificationReminder.notice_id == notice.id))
    return at is not None and clock.day_of(at) == day


def open_in(engagement: Engagement, user: Person) -> tuple[int, int]:
    """How many items of an engagement this person reads, and how many are not confirmed."""
    query = (
        select(func.count(), func.coalesce(func.sum(case((is_open(), 1), else_=0)), 0))
        .select_from(RectificationItem)
        .join(RectificationItem.notice)
        .where(RectificationNotice.engagement_id == engagement.id, readable_notices(user))
    )
    count, left = db.session.execute(query).one()
    return int(count), int(left)


def facts_of(engagement_ids: Collection[int]) -> dict[int, RectificationFacts]:
    """What is to be put right after many engagements, in one statement; each id has an answer."""
    told = {key: RectificationFacts() for key in engagement_ids}
    if not told:
        return told
    reported = RectificationItem.state == RectificationState.REPORTED
    rows = db.session.execute(
        select(
            RectificationNotice.engagement_id,
            func.count(),
            func.sum(case((is_open(), 1), else_=0)),
            func.sum(case((reported, 1), else_=0)),
            func.sum(case((is_overdue(), 1), else_=0)),
            func.sum(RectificationItem.amount_fen),
        )
        .select_from(RectificationItem)
        .join(RectificationItem.notice)
        .where(RectificationNotice.engagement_id.in_(told))
        .group_by(RectificationNotice.engagement_id)
    )
    return told | {key: RectificationFacts(*map(int, numbers)) for key, *numbers in rows}
