"""Time stamps that the portal asks for by itself: of each final report, and of the log each day."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from app import audit, clock
from app.db import db, end_read, transaction
from app.timestamps import queries
from app.timestamps.asking import Authority, NoStamp, Stamp
from app.timestamps.models import TimeStamp

log = logging.getLogger(__name__)
EVERY_SECONDS = 600
AT_ONCE = 20
LOG_EVERY = timedelta(hours=24)


def stamp_waiting(url: str, roots: str) -> int:
    """Ask for what is not stamped yet, as long as the authority answers; tells how many came.

    Without TSA_URL nothing is asked. What fails is asked again at the next turn.
    """
    if not url:
        return 0
    authority, waiting, made = Authority(url, Path(roots)), list(_waiting()), 0
    end_read()
    for about, digest in waiting:
        try:
            stamp = authority.stamp(bytes.fromhex(digest))
        except NoStamp as error:
            log.warning("no time stamp of %s: %s", about, error)
            break
        with transaction():
            keep_stamp(about, digest, stamp)
        made += 1
    return made


def _waiting() -> Iterator[tuple[str, str]]:
    for key, digest in queries.unstamped_reports(AT_ONCE):
        yield f"{queries.REPORT}{key}", digest
    last, head = queries.newest_of_log(), queries.newest_checkpoint()
    is_due = last is None or clock.now() - last.received_at >= LOG_EVERY
    if head is not None and is_due and (last is None or last.about != name_of(head.size)):
        yield name_of(head.size), sha256(head.note.encode()).hexdigest()


def name_of(size: int) -> str:
    """How the log names the checkpoint of this size."""
    return f"{queries.CHECKPOINT}{size}"


def keep_stamp(about: str, digest: str, stamp: Stamp) -> TimeStamp:
    """Keep a verified stamp, and tell the log of it."""
    kept = TimeStamp(
        about=about,
        sha256=digest,
        token=stamp.token,
        authority=stamp.authority,
        serial=stamp.serial[:80],
        stamped_at=stamp.stamped_at,
        received_at=clock.now(),
    )
    db.session.add(kept)
    facts: dict[str, Any] = {"sha256": digest, "serial": kept.serial}
    facts["stamped_at"] = stamp.stamped_at
    audit.record(audit.PORTAL, audit.Event.TIME_STAMPED, about, **facts)
    return kept
