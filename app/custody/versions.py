"""The store's own list of versions against the records: what its operator did behind our back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.custody.alarms import Finding
from app.custody.models import RetentionLock, Wrong
from app.db import db, end_read
from storage import NotStored
from storage.s3_locked import LockedStore, Version


class Promise(NamedTuple):
    """The version of an archived file, and until when the store told that it is locked."""

    version: str
    until: datetime | None


def compare(bucket: LockedStore, named: set[str]) -> list[Finding]:
    """Tell of blobs hidden by a delete marker, and of archived versions gone, covered or unlocked.

    A named blob without any version is lost, which the plain list tells.
    """
    archived, found = _archived(), list[Finding]()
    for key, listed in _by_key(bucket.versions(), named).items():
        found += ((wrong, key) for wrong in _wrong_with(listed, archived.get(key)))
    found += ((Wrong.UNLOCKED, key) for key in _unlocked(bucket, archived, found))
    return sorted(set(found))


def _wrong_with(listed: list[Version], lock: Promise | None) -> Iterator[Wrong]:
    newest = next((one for one in listed if one.is_latest), None)
    if newest is not None and newest.is_marker:
        yield Wrong.HIDDEN
    if lock is None:
        return
    if lock.version not in {one.version for one in listed}:
        yield Wrong.MISSING
    elif newest is not None and not newest.is_marker and newest.version != lock.version:
        yield Wrong.OVERWRITTEN


def _unlocked(
    bucket: LockedStore, archived: dict[str, Promise], found: Iterable[Finding]
) -> Iterator[str]:
    """The archived versions whose headers no longer tell of the lock that they told of before."""
    gone = {key for wrong, key in found if wrong is Wrong.MISSING}
    for key, lock in archived.items():
        if key in gone or lock.until is None:
            continue
        try:
            told = bucket.lock_of(key, lock.version)
        except NotStored:
            continue
        if told.mode != "COMPLIANCE" or told.until is None or told.until < lock.until:
            yield key


def _archived() -> dict[str, Promise]:
    """What the store has confirmed, by key; the longest of each."""
    rows = db.session.execute(
        select(RetentionLock.store_key, RetentionLock.version, RetentionLock.applied_until)
        .where(RetentionLock.version != "")
        .order_by(RetentionLock.applied_until)
    ).all()
    end_read()
    return {key: Promise(version, until) for key, version, until in rows}


def _by_key(versions: Iterable[Version], named: set[str]) -> dict[str, list[Version]]:
    """Put together what belongs to a key: delete markers come apart from the versions."""
    listed: dict[str, list[Version]] = {}
    for one in versions:
        if one.key in named:
            listed.setdefault(one.key, []).append(one)
    return listed
