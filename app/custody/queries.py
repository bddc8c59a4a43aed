"""Questions about locks, holds and what is known of the store. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.custody.ending import Ended
from app.custody.locking import is_wanted_held, waiting
from app.custody.models import (
    LegalHold,
    Purge,
    PurgedFile,
    RetentionLock,
    StoreAlarm,
    StoreCheck,
)
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import names_by_id
from app.identity.models import DangerousAct


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


def purges() -> Select[Purge]:
    """Every list of files whose time was over; the page orders them."""
    return select(Purge).options(
        joinedload(Purge.act).joinedload(DangerousAct.asker),
        joinedload(Purge.act).joinedload(DangerousAct.decider),
    )


def purged_files(purge: Purge) -> Select[PurgedFile]:
    """The files of one list, with their engagements; the page orders them."""
    return (
        select(PurgedFile)
        .where(PurgedFile.purge_id == purge.id)
        .options(joinedload(PurgedFile.engagement))
    )


def with_engagements(ended: Sequence[Ended]) -> list[tuple[Ended, str]]:
    """Each file with the number and name of its engagement."""
    names = names_by_id({one.engagement_id for one in ended})
    return [(one, names[one.engagement_id]) for one in ended]


def purged(sha256: str) -> PurgedFile | None:
    """The line by which this content was destroyed after its time."""
    return db.session.scalar(
        select(PurgedFile)
        .where(PurgedFile.sha256 == sha256, PurgedFile.destroyed_at.is_not(None))
        .order_by(PurgedFile.id.desc())
        .limit(1)
    )
