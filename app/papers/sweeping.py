"""What goes by itself: uploads that paused too long, spools of killed processes, orphaned blobs."""

import logging
from datetime import timedelta

from sqlalchemy import Table, delete, select

from app import clock
from app.db import Base, db, end_read
from app.papers.gathering import ENDING
from app.papers.models import Upload
from app.store import object_store, spool_folder
from storage import NotStored, ObjectStore
from storage.spool import sweep

log = logging.getLogger(__name__)
EVERY_SECONDS = 600
ORPHANS_EVERY_SECONDS = 6 * 3600
AGE = timedelta(days=1)
FEW = 20
NAMED_IN = "store_key"


def sweep_uploads() -> int:
    """End the uploads that paused too long, and remove bytes that no upload speaks of."""
    ended = delete(Upload).where(Upload.expires_at <= clock.now())
    db.session.execute(ended)
    living = set(db.session.scalars(select(Upload.id).where(Upload.released_at.is_(None))))
    folder, gone = spool_folder() / "quarantine", 0
    oldest = (clock.now() - timedelta(hours=1)).timestamp()
    for path in folder.glob(f"*{ENDING}"):
        if path.name.removesuffix(ENDING) not in living and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    for place in (folder, spool_folder(), object_store().spool(limit=0).folder):
        gone += sweep(place, older_than=AGE.total_seconds())
    return gone


def sweep_by_itself() -> int:
    """Remove orphans as a job does: a few are what kills and pauses leave behind.

    Many are a sign of something else, another portal's store or an older database, and wait for
    a person who says `xingping store sweep`.
    """
    named = named_keys()
    orphans = _orphans(named)
    if len(orphans) > FEW + len(named) // 5:
        log.error("%s of the store's blobs have no record: nothing was removed", len(orphans))
        return 0
    return _removed(orphans)


def sweep_orphans() -> int:
    """Remove blobs that no row names and that were put at least a day ago, and nothing else.

    Every row that keeps a blob names it in a column `store_key`; each is asked twice, the second
    time with the last look at the blob's age right before it goes.
    """
    return _removed(_orphans(named_keys()))


def _orphans(named: set[str]) -> list[str]:
    store = object_store()
    keys = store.keys()
    return [key for key in keys if key not in named and is_old(store, key)]


def _removed(orphans: list[str]) -> int:
    store, gone = object_store(), 0
    for key in orphans:
        end_read()  # a row may have been written since
        if not _is_named(key) and is_old(store, key):
            store.discard(key)
            log.warning("an orphan was removed: %s", key)
            gone += 1
    return gone


def named_keys() -> set[str]:
    """Every key that some row names."""
    return {
        key
        for table in tables()
        for key in db.session.scalars(select(table.c[NAMED_IN]).distinct())
        if key
    }


def tables() -> list[Table]:
    """The tables whose rows keep blobs, of whatever feature."""
    return [table for table in Base.metadata.tables.values() if NAMED_IN in table.c]


def is_old(store: ObjectStore, key: str) -> bool:
    """Whether a blob was put so long ago that no upload can still be about to name it."""
    try:
        return store.stat(key).kept_at < clock.now() - AGE
    except NotStored:
        return False


def _is_named(key: str) -> bool:
    return any(
        db.session.execute(select(1).where(table.c[NAMED_IN] == key).limit(1)).first()
        for table in tables()
    )
