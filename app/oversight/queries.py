"""Questions about who looks after what, about reminders and kept views."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organisation, User
from app.db import db
from app.engagements.models import Engagement
from app.oversight.models import BoardView, EngagementOfficer, StageReminder
from app.policy import Person, Role


class Reminded(NamedTuple):
    """How often an engagement's agency was reminded, and when last."""

    times: int
    last: datetime


def officer_of(engagement: Engagement) -> EngagementOfficer | None:
    """Who looks after an engagement now, if somebody was assigned."""
    query = select(EngagementOfficer).where(EngagementOfficer.engagement_id == engagement.id)
    query = query.where(EngagementOfficer.ended_at.is_(None))
    return db.session.scalars(query.options(joinedload(EngagementOfficer.officer))).first()


def looked_after_by(officer_id: int) -> ColumnElement[bool]:
    """An engagement is assigned to this officer."""
    held = select(EngagementOfficer.id).where(EngagementOfficer.engagement_id == Engagement.id)
    mine = held.where(EngagementOfficer.officer_id == officer_id)
    return mine.where(EngagementOfficer.ended_at.is_(None)).exists()


def officers_of(keys: Collection[int]) -> dict[int, str]:
    """The assigned officers' names of many engagements, in one statement."""
    query = (
        select(EngagementOfficer.engagement_id, User.name)
        .join(User, User.id == EngagementOfficer.officer_id)
        .where(EngagementOfficer.engagement_id.in_(keys), EngagementOfficer.ended_at.is_(None))
    )
    return dict(db.session.execute(query).all())


def reminded(keys: Collection[int]) -> dict[int, Reminded]:
    """The reminders of many engagements, in one statement; those never reminded are left out."""
    query = (
        select(StageReminder.engagement_id, func.count(), func.max(StageReminder.sent_at))
        .where(StageReminder.engagement_id.in_(keys))
        .group_by(StageReminder.engagement_id)
    )
    return {key: Reminded(count, last) for key, count, last in db.session.execute(query)}


def reminders_of(engagement: Engagement) -> Sequence[StageReminder]:
    """The reminders about one engagement, the newest first."""
    query = select(StageReminder).where(StageReminder.engagement_id == engagement.id)
    told = query.options(joinedload(StageReminder.stage), joinedload(StageReminder.sent_by))
    return db.session.scalars(told.order_by(StageReminder.id.desc())).all()


def last_reminder(engagement: Engagement) -> StageReminder | None:
    """The newest reminder about one engagement."""
    query = select(StageReminder).where(StageReminder.engagement_id == engagement.id)
    return db.session.scalars(query.order_by(StageReminder.id.desc()).limit(1)).first()


def officers() -> Sequence[User]:
    """The people of the performance section whose accounts are in use, by name."""
    query = select(User).where(User.closed_at.is_(None), User.role == Role.PERFORMANCE_OFFICER)
    there = query.where(User.organisation.has(Organisation.closed_at.is_(None)))
    return db.session.scalars(there.order_by(User.name, User.id)).all()


def views_of(user: Person) -> Sequence[BoardView]:
    """The views that a person keeps, by name."""
    mine = select(BoardView).where(BoardView.user_id == user.id, BoardView.removed_at.is_(None))
    return db.session.scalars(mine.order_by(BoardView.name)).all()


def view_named(user: Person, name: str) -> BoardView | None:
    """A person's view of this name, put away or not."""
    query = select(BoardView).where(BoardView.user_id == user.id, BoardView.name == name)
    return db.session.scalars(query).first()
