"""Doing one row's work: taken for a while, done, noted; tried again later where it failed."""

import logging
import os
import secrets
import socket
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db, end_read, transaction
from app.queueing.models import PeriodicRun, QueuedJob
from app.queueing.works import Work, works

log = logging.getLogger(__name__)
PAUSES = (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)  # seconds before the next try
KEEP_DONE = timedelta(days=7)
LOST = "the worker was lost while it worked"


def run(number: int) -> None:
    """Do the work of a row, unless it is done, given up, not due or in somebody's hands."""
    taken = _take(number)
    if taken is None:
        return
    name, facts, mark = taken
    try:
        works[name].do(**facts)
    except Exception as error:
        log.exception("the job %s (%s) failed", number, name)
        end_read()
        with transaction():
            _failed(number, mark, told(error))
        return
    with transaction():
        _mine(number, mark, done_at=clock.now(), claimed_until=None, error="")


def _take(number: int) -> tuple[str, dict[str, Any], str] | None:
    """Claim the row for as long as its kind may take; None where that isn't ours to do."""
    now, mark = clock.now(), f"{whoami()}:{secrets.token_hex(4)}"
    with transaction():
        row = db.session.get(QueuedJob, number)
        if row is None or row.name not in works:
            return None  # of a later release: its own workers do it
        free = or_(QueuedJob.claimed_until.is_(None), QueuedJob.claimed_until <= now)
        taken = update(QueuedJob).where(QueuedJob.id == number, QueuedJob.due_at <= now, free)
        taken = taken.where(QueuedJob.done_at.is_(None), QueuedJob.failed_at.is_(None))
        lease = now + timedelta(seconds=works[row.name].lease_seconds)
        values = {"claimed_until": lease, "claimed_by": mark, "tries": QueuedJob.tries + 1}
        if not touched(db.session.execute(taken.values(values))):
            return None
        db.session.refresh(row)
        if row.tries > works[row.name].most_tries:
            _failed(number, mark, row.error or LOST)
            return None
        return row.name, dict(row.facts), mark


def _failed(number: int, mark: str, words: str) -> None:
    row = db.session.get(QueuedJob, number)
    if row is None:
        return
    db.session.refresh(row)
    work: Work = works[row.name]
    if row.tries >= work.most_tries:
        ours = _mine(number, mark, failed_at=clock.now(), claimed_until=None, error=words)
        if ours and work.give_up is not None:
            work.give_up(**row.facts)
        return
    pause = timedelta(seconds=PAUSES[min(row.tries, len(PAUSES)) - 1])
    later = clock.now() + pause
    _mine(number, mark, due_at=later, claimed_until=None, delivered_at=None, error=words)


def _mine(number: int, mark: str, **values: object) -> bool:
    """Change the row if it is still ours; another worker may have taken it meanwhile."""
    own = update(QueuedJob).where(QueuedJob.id == number, QueuedJob.claimed_by == mark)
    return bool(touched(db.session.execute(own.values(**values))))


def told(error: Exception) -> str:
    """An error in one line; the database's own errors repeat what people wrote, so no words."""
    name = type(error).__name__
    return name if isinstance(error, SQLAlchemyError) else f"{name}: {error}"[:300]


@cache
def _host() -> str:
    return socket.gethostname()[:60]


def whoami() -> str:
    """This process, as the rows that it took name it."""
    return f"{_host()}:{os.getpid()}"


def release_lost() -> int:
    """Give back what processes of this machine held that live no more; others' leases run out."""
    gone = 0
    for model in (QueuedJob, PeriodicRun):
        held = select(model.claimed_by).where(
            model.claimed_until > clock.now(), model.claimed_by.startswith(f"{_host()}:")
        )
        dead = [mark for mark in set(db.session.scalars(held)) if not _lives(mark)]
        if dead:
            freed = update(model).where(model.claimed_by.in_(dead))
            gone += touched(db.session.execute(freed.values(claimed_until=None)))
    return gone


def _lives(mark: str) -> bool:
    number = mark.removeprefix(f"{_host()}:").partition(":")[0]
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def forget_done() -> int:
    """Remove the rows of work that was done a week ago; what was given up stays."""
    old = delete(QueuedJob).where(QueuedJob.done_at < clock.now() - KEEP_DONE)
    return touched(db.session.execute(old))


def touched(result: Any) -> int:
    """How many rows an UPDATE or DELETE met."""
    rows: CursorResult[Any] = result
    return rows.rowcount
