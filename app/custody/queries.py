"""Questions about locks, holds and what is known of the store. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.custody.locking import is_wanted_held, waiting
from app.custody.models import LegalHold, RetentionLock, StoreAlarm, StoreCheck
from app.db import db
from app.engagements.models import Engagement


@dataclass(frozen=True)
class Locks:
    """How the files of one engagement, or all, are locked."""

    wanted: int
    waiting: int
    held: int
    first_end: datetime | None
    last_end: datetime | None


def hold_of(engagement: Engagement) -> LegalHold | None:
    """The hold that stands or waits for its second person."""
    return db.session.scalar(
        select(LegalHold).where(
            LegalHold.engagement_id == engagement.id,
            LegalHold.released_at.is_(None),
            LegalHold.refused_at.is_(None),
        )
    )


def locks_of(engagement: Engagement | None = None) -> Locks:
    """How many files are to be locked, how many the store has yet to confirm, and until when."""
    late = func.count().filter(waiting())
    held = func.count().filter(is_wanted_held())
    ends = func.min(RetentionLock.until), func.max(RetentionLock.until)
    query = select(func.count(), late, held, *ends).select_from(RetentionLock)
    if engagement is not None:
        query = query.where(RetentionLock.engagement_id == engagement.id)
    return Locks(*db.session.execute(query).one())


def last_check(*, full: bool) -> StoreCheck | None:
    """The newest look at the store: the last whole one, or the last sample."""
    query = select(StoreCheck).where(StoreCheck.is_full.is_(full))
    return db.session.scalar(query.order_by(StoreCheck.id.desc()).limit(1))


def newest_alarms(limit: int = 100) -> Sequence[StoreAlarm]:
    """What is wrong, and after that what was, newest first."""
    return db.session.scalars(
        select(StoreAlarm)
        .order_by(StoreAlarm.settled_at.is_not(None), StoreAlarm.id.desc())
        .limit(limit)
    ).all()
