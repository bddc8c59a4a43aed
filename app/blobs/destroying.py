"""Withholding a content from everybody, and destroying it, inside a feature's transaction."""

import base64
import json
import logging
import os
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import Select, select, text, update

from app import clock, store
from app.blobs.models import FileKey, WithheldFile
from app.db import after_commit, db
from app.store import object_store
from storage import NotStored, StoreError, key_of

log = logging.getLogger(__name__)
EVERY_SECONDS = 60
OVERLAP = timedelta(minutes=10)  # clocks differ, and a transaction ends after it began
LONGEST_COPY = timedelta(days=31)  # a preview that nobody looks at goes before
LISTED = re.compile(r'"sha256": "([0-9a-f]{64})", "at": "[^"]+"\}')


def withhold(sha256: str) -> None:
    """From this transaction on nobody reads the content, and nobody brings it in again."""
    row = db.session.get(WithheldFile, sha256)
    if row is None:
        db.session.add(WithheldFile(sha256=sha256, since=clock.now()))
    elif row.lifted_at is not None:
        row.since, row.lifted_at = clock.now(), None
    db.session.flush()
    _forget_copies(sha256)


def _forget_copies(sha256: str) -> None:
    object_store().forget_near(key_of(sha256))
    after_commit(partial(object_store().forget_near, key_of(sha256)))  # one may just come in
    for forget in store.on_withheld:
        forget(sha256)


def forget_withheld() -> int:
    """Drop what this machine kept of contents that were withheld through another one."""
    now, looked = clock.now(), current_app.extensions.setdefault("withheld", {})  # this process's
    since = looked.get("until", now - LONGEST_COPY)
    found = db.session.scalars(_withheld().where(WithheldFile.since > since - OVERLAP)).all()
    for sha256 in found:
        _forget_copies(sha256)
    after_commit(partial(looked.update, until=now))
    return len(found)


def lift(sha256: str) -> None:
    """The content may be read again."""
    row = db.session.get_one(WithheldFile, sha256)
    row.lifted_at = clock.now()
    db.session.flush()


def destroy(sha256: str) -> None:
    """Overwrite the content's key and forget it; the bytes themselves go after the commit.

    A store that locks keeps its bytes to the end of their time: without the key they are noise.
    """
    row = db.session.get_one(WithheldFile, sha256)
    row.destroyed_at = row.destroyed_at or clock.now()
    _overwrite_key(sha256)
    after_commit(partial(list_as_destroyed, sha256))
    after_commit(partial(remove_bytes, sha256))
    after_commit(scrub)


def destroy_all(digests: Sequence[str]) -> None:
    """Withhold and destroy many contents at once; the database is scrubbed once for all."""
    for sha256 in digests:
        withhold(sha256)
        db.session.get_one(WithheldFile, sha256).destroyed_at = clock.now()
        _overwrite_key(sha256)
        after_commit(partial(list_as_destroyed, sha256))
        after_commit(partial(remove_bytes, sha256))
    if digests:
        after_commit(scrub)


def _overwrite_key(sha256: str) -> None:
    """Noise of the same length first, so that the page of the database holds that."""
    key = db.session.get(FileKey, sha256, with_for_update=True)
    if key is None or key.destroyed_at is not None:
        return
    noise = base64.b64encode(os.urandom(len(base64.b64decode(key.wrapped)))).decode()
    db.session.execute(update(FileKey).where(FileKey.sha256 == sha256).values(wrapped=noise))
    db.session.execute(
        update(FileKey).where(FileKey.sha256 == sha256).values(wrapped="", destroyed_at=clock.now())
    )
    db.session.expire(key)


def remove_bytes(sha256: str) -> bool:
    """Delete the content where the store allows it; False where it stays, as noise."""
    try:
        object_store().discard(key_of(sha256))
    except NotStored:
        return True
    except StoreError as error:
        log.warning("the store keeps the destroyed file %s: %s", sha256, error)
        return False
    return True


def has_bytes(sha256: str) -> bool:
    """Whether the store still keeps anything under this digest: where it locks, noise."""
    try:
        return object_store().exists(key_of(sha256))
    except StoreError:
        return True


def scrub() -> None:
    """Bring the overwritten pages to the disk: SQLite's log is emptied, PostgreSQL's rows freed."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM file_key"))


def destroyed_list() -> Path:
    """The list of destroyed contents outside the database, which an old backup does not undo."""
    return Path(str(current_app.config["XINGPING_VAR"])) / "destroyed.jsonl"


def list_as_destroyed(sha256: str) -> None:
    """Add a line to that list, on the disk before anything else happens."""
    with destroyed_list().open("a", encoding="ascii") as file:
        file.write(json.dumps({"sha256": sha256, "at": clock.now().isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def listed_as_destroyed() -> set[str]:
    """What the list names; a line that a power cut left half is written anew by destroy_again."""
    path = destroyed_list()
    return set(LISTED.findall(path.read_text("ascii", "replace"))) if path.exists() else set()


def destroy_again() -> list[str]:
    """Destroy once more what an old backup brought back; tells what it was. A nightly job."""
    found, listed = [], listed_as_destroyed()
    for sha256 in db.session.scalars(_withheld()).all():
        _forget_copies(sha256)  # what a converter made while the report was written
    for sha256 in db.session.scalars(_destroyed()):  # the power failed, or the store was away
        if sha256 not in listed:
            after_commit(partial(list_as_destroyed, sha256))
        after_commit(partial(remove_bytes, sha256))
    for sha256 in sorted(listed):
        row, key = db.session.get(WithheldFile, sha256), db.session.get(FileKey, sha256)
        is_back = row is None or row.destroyed_at is None or (key and key.destroyed_at is None)
        if is_back:
            withhold(sha256)
            destroy_silently(sha256)
            found.append(sha256)
    return found


def _withheld() -> Select[str]:
    return select(WithheldFile.sha256).where(WithheldFile.lifted_at.is_(None))


def _destroyed() -> Select[str]:
    return select(WithheldFile.sha256).where(WithheldFile.destroyed_at.is_not(None))


def destroy_silently(sha256: str) -> None:
    """The same as destroy, of what stands on the list already."""
    row = db.session.get_one(WithheldFile, sha256)
    row.lifted_at, row.destroyed_at = None, row.destroyed_at or clock.now()
    _overwrite_key(sha256)
    after_commit(partial(remove_bytes, sha256))
    after_commit(scrub)


def withheld_among(digests: set[str]) -> set[str]:
    """Which of these contents nobody may read now."""
    if not digests:
        return set()
    asked = select(WithheldFile.sha256).where(
        WithheldFile.sha256.in_(digests), WithheldFile.lifted_at.is_(None)
    )
    return set(db.session.scalars(asked))
