"""Questions about warnings and their rules. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.accounts.lookups import Keys, is_among
from app.accounts.models import Organisation, User
from app.agencies.models import Agency
from app.alerts.models import Alert, AlertKind, AlertRule
from app.db import db
from app.engagements.models import Engagement, Task
from app.matching import holds
from app.oversight.models import EngagementOfficer
from app.policy import Person, Role, sees_whole_district


@dataclass(frozen=True)
class Filters:
    """What the reader of the list asked for."""

    show: str = "waiting"  # waiting, mine, overdue, escalated, ended, all
    kind: AlertKind | None = None
    agency: Keys | None = None  # one, or all whose name fits what was typed
    year: int | None = None
    words: str = ""


def readable_alerts(user: Person) -> ColumnElement[bool]:
    """Hold for exactly the warnings for which can(user, ALERT_READ, …) holds."""
    if sees_whole_district(user, None):
        return true()
    if user.role is Role.SECTION_OFFICER:
        return Engagement.tasks.any(Task.section_id == user.organisation_id)
    return ~true()


def alerts_visible_to(user: Person) -> Select[Alert]:
    """Exactly the warnings that this person may read, with what a list shows of each."""
    return (
        select(Alert)
        .join(Alert.engagement)
        .where(readable_alerts(user))
        .options(
            contains_eager(Alert.engagement).joinedload(Engagement.agency),
            joinedload(Alert.owner),
        )
    )


def is_waiting() -> ColumnElement[bool]:
    """Nobody has ended it yet."""
    return Alert.ended_at.is_(None)


def is_overdue() -> ColumnElement[bool]:
    """Its owner's word is late."""
    return is_waiting() & (Alert.due_on < clock.today())


def narrowed(query: Select[Any], filters: Filters, user: Person) -> Select[Any]:
    """Apply what the reader asked for."""
    shown = {
        "waiting": is_waiting(),
        "mine": is_waiting() & (Alert.owner_id == user.id),
        "overdue": is_overdue(),
        "escalated": is_waiting() & Alert.escalated_at.is_not(None),
        "ended": Alert.ended_at.is_not(None),
    }
    query = query.where(shown.get(filters.show, true()))
    for column, value in (
        (Alert.kind, filters.kind),
        (Engagement.year, filters.year),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.agency is not None:
        query = query.where(is_among(Engagement.agency_id, filters.agency))
    for word in filters.words.split()[:5]:
        named = (Engagement.name, Engagement.code)
        query = query.where(or_(*(holds(each, word) for each in named)))
    return query


def counts(user: Person) -> dict[str, int]:
    """How many warnings wait, wait for this person, are late, went up; in one statement."""

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        func.count(),
        number(Alert.owner_id == user.id),
        number(Alert.due_on < clock.today()),
        number(Alert.escalated_at.is_not(None)),
    ).where(is_waiting())
    if not sees_whole_district(user, None):
        query = query.join(Alert.engagement).where(readable_alerts(user))
    row = db.session.execute(query).one()
    return dict(zip(("waiting", "mine", "overdue", "escalated"), map(int, row), strict=True))


def counts_by_engagement(keys: Collection[int]) -> dict[int, int]:
    """How many warnings wait on each of these engagements, in one statement."""
    query = select(Alert.engagement_id, func.count()).where(
        Alert.engagement_id.in_(keys), is_waiting()
    )
    return dict(db.session.execute(query.group_by(Alert.engagement_id)).all())


def rules_in_force() -> Sequence[AlertRule]:
    """The version of each rule that looks tonight, in the order of the kinds."""
    found = db.session.scalars(select(AlertRule).where(AlertRule.retired_at.is_(None))).all()
    order = {kind: place for place, kind in enumerate(AlertKind)}
    return sorted(found, key=lambda rule: order[rule.kind])


def rule_in_force(kind: AlertKind) -> AlertRule | None:
    """The version of a rule that looks tonight."""
    query = select(AlertRule).where(AlertRule.kind == kind, AlertRule.retired_at.is_(None))
    return db.session.scalars(query).first()


def versions_of(kind: AlertKind) -> Sequence[AlertRule]:
    """All versions of a rule, the newest first."""
    query = select(AlertRule).where(AlertRule.kind == kind).options(joinedload(AlertRule.made_by))
    return db.session.scalars(query.order_by(AlertRule.version.desc())).all()


def raised_by_rule() -> dict[AlertKind, tuple[int, int]]:
    """By kind: warnings that wait, and those ever raised."""
    waits = func.coalesce(func.sum(case((is_waiting(), 1), else_=0)), 0)
    query = select(Alert.kind, waits, func.count()).group_by(Alert.kind)
    return {kind: (int(waiting), n) for kind, waiting, n in db.session.execute(query)}


def known_marks(marks: Collection[str]) -> dict[str, Alert]:
    """The warnings that were raised about these facts."""
    found = db.session.scalars(select(Alert).where(Alert.mark.in_(marks)))
    return {alert.mark: alert for alert in found}


def owners_of(keys: Collection[int]) -> dict[int, int]:
    """Who looks after each engagement: the assigned officer, else whoever opened it."""
    in_use = User.closed_at.is_(None) & (User.role == Role.PERFORMANCE_OFFICER)
    opened = select(Engagement.id, Engagement.opened_by_id).join(
        User, User.id == Engagement.opened_by_id
    )
    assigned = (
        select(EngagementOfficer.engagement_id, EngagementOfficer.officer_id)
        .join(User, User.id == EngagementOfficer.officer_id)
        .where(EngagementOfficer.ended_at.is_(None))
    )
    owners = dict(db.session.execute(opened.where(Engagement.id.in_(keys), in_use)).all())
    chosen = assigned.where(EngagementOfficer.engagement_id.in_(keys), in_use)
    return owners | dict(db.session.execute(chosen).all())


def waiting_on(engagement: Engagement) -> Sequence[Alert]:
    """The warnings that wait about one engagement, the first due on top."""
    query = select(Alert).where(Alert.engagement_id == engagement.id, is_waiting())
    return db.session.scalars(query.options(joinedload(Alert.owner)).order_by(Alert.due_on)).all()


def agencies_warned(user: Person) -> Select[Organisation]:
    """The agencies with warnings that this person reads, for the filter."""
    has_one: ColumnElement[bool]
    jobs = select(Alert.id).join(Alert.engagement)
    if sees_whole_district(user, None):  # each agency's are looked at until one has a warning
        own = jobs.where(Engagement.agency_id == Organisation.id).limit(1).correlate(Organisation)
        has_one = Organisation.id.in_(select(Agency.id)) & own.scalar_subquery().is_not(None)
    else:
        keys = jobs.where(readable_alerts(user)).with_only_columns(Engagement.agency_id)
        has_one = Organisation.id.in_(keys)
    return select(Organisation).where(has_one)
