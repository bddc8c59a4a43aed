"""Locks of archived files: wanted by a row, set by a job, believed when the headers tell them."""

import logging
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app import audit, clock
from app.archiving.models import Retention
from app.archiving.packing import Manifest
from app.custody.models import LegalHold, RetentionLock
from app.db import db, end_read, transaction
from app.engagements.models import Engagement
from app.store import locked_store
from storage import StoreError

if TYPE_CHECKING:
    from storage.s3_locked import Lock, LockedStore

log = logging.getLogger(__name__)
EVERY_SECONDS = 60
AT_ONCE = 500
YEARS = {Retention.TEN_YEARS: 10, Retention.FIFTEEN_YEARS: 15, Retention.THIRTY_YEARS: 30}
FAR = 99  # years: the longest that stores take is a hundred


def end_of(retention: Retention, archived_at: datetime) -> datetime:
    """The end of a retention class: it begins with the year after the archiving.

    永久 has no end: a date far away, and a legal hold beside it.
    """
    year = archived_at.astimezone(clock.SHANGHAI).year + 1 + YEARS.get(retention, FAR)
    return datetime(year, 1, 1, tzinfo=clock.SHANGHAI)


def want_locks(engagement: Engagement, manifest: Manifest) -> None:
    """Every paper of the package stays to the end of its class; a longer wish wins."""
    now = clock.now()
    known = {
        one.store_key: one
        for one in db.session.scalars(
            select(RetentionLock).where(RetentionLock.engagement_id == engagement.id)
        )
    }
    for key, retention in manifest.retentions:
        until, forever = end_of(retention, now), retention is Retention.PERMANENT
        lock = known.get(key)
        if lock is None:
            known[key] = lock = RetentionLock(
                engagement_id=engagement.id,
                store_key=key,
                until=until,
                is_permanent=forever,
                asked_at=now,
            )
            db.session.add(lock)
        lock.until, lock.is_permanent = max(lock.until, until), lock.is_permanent or forever


def is_wanted_held() -> ColumnElement[bool]:
    """Whether a lock's file has to stand under legal hold: for ever, or for an engagement's sake.

    The file's, not the row's alone: two engagements may share it.
    """
    other = aliased(RetentionLock)
    binding = (
        select(LegalHold.id)
        .where(LegalHold.engagement_id == other.engagement_id)
        .where(LegalHold.confirmed_at.is_not(None), LegalHold.released_at.is_(None))
    )
    wanting = select(other.id).where(
        other.store_key == RetentionLock.store_key, or_(other.is_permanent, exists(binding))
    )
    return exists(wanting)


def waiting() -> ColumnElement[bool]:
    """Whether the store has still to do something for a lock."""
    held = is_wanted_held()
    return or_(
        RetentionLock.applied_until.is_(None),
        RetentionLock.applied_until < RetentionLock.until,
        and_(held, RetentionLock.is_held.is_(False)),
        and_(~held, RetentionLock.is_held.is_(True)),
    )


def apply_locks() -> int:
    """Bring the store to what the rows want, some at a time; tells how many it confirmed. A job."""
    bucket = locked_store()
    if bucket is None:
        return 0
    rows = db.session.execute(
        select(RetentionLock.id, RetentionLock.store_key, RetentionLock.version)
        .where(waiting())
        .order_by(RetentionLock.id)
        .limit(AT_ONCE)
    ).all()
    end_read()
    told: dict[int, Lock] = {}
    for number, key, version in rows:
        try:
            told[number] = _applied(bucket, key, version)
        except StoreError as error:
            log.error("the store does not lock %s: %s", key, error)
    if told:
        with transaction():
            _record(told)
    return len(told)


def _applied(bucket: "LockedStore", key: str, version: str) -> "Lock":
    """Lock one version as all rows of its file want together; what the headers tell then counts."""
    until, held = _wanted_of(key)
    lock = bucket.lock_of(key, version or None)
    if lock.mode != "COMPLIANCE" or lock.until is None or lock.until < until:
        bucket.retain(key, lock.version, until)
    if held and not lock.is_held:
        bucket.hold(key, lock.version)
    if lock.is_held and not held:
        bucket.release(key, lock.version)
    return bucket.lock_of(key, lock.version)


def _wanted_of(key: str) -> tuple[datetime, bool]:
    """The latest end that a row of this file wants, and whether it is to be held."""
    rows = db.session.execute(
        select(RetentionLock.until, is_wanted_held()).where(RetentionLock.store_key == key)
    ).all()
    end_read()
    return max(until for until, _held in rows), any(held for _until, held in rows)


def _record(told: "dict[int, Lock]") -> None:
    files: Counter[int] = Counter()
    for number, lock in told.items():
        row = db.session.get_one(RetentionLock, number)
        is_new = row.applied_until is None
        row.version = lock.version
        row.applied_until = lock.until if lock.mode == "COMPLIANCE" else None
        row.is_held = lock.is_held
        if is_new and row.applied_until is not None:
            files[row.engagement_id] += 1
    for engagement_id, count in files.items():
        about = db.session.get_one(Engagement, engagement_id)
        event = audit.Event.ARCHIVE_LOCKED
        audit.record(audit.PORTAL, event, about, scope=about, files=count)
