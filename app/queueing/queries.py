"""What waits, what is being done, what was given up. Nothing here changes anything."""

from dataclasses import dataclass

from sqlalchemy import Select, case, false, func, select

from app import clock
from app.db import db
from app.queueing.models import PeriodicRun, QueuedJob


@dataclass(frozen=True)
class Counts:
    """How many rows stand where."""

    waiting: int
    working: int
    again: int  # failed at least once, and tried again later
    failed: int


def counts() -> Counts:
    """How many pieces of work wait, are in hand, are tried again, were given up."""
    held = func.coalesce(QueuedJob.claimed_until > clock.now(), false())
    is_open, failing = QueuedJob.failed_at.is_(None), QueuedJob.error != ""
    states = (is_open & ~held, is_open & held, is_open & ~held & failing, ~is_open)
    sums = (func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in states)
    row = db.session.execute(select(*sums).where(QueuedJob.done_at.is_(None))).one()
    return Counts(*(int(each) for each in row))


def jobs(state: str) -> Select[QueuedJob]:
    """The rows in one state; the caller pages them by their numbers."""
    query = select(QueuedJob)
    if state == "failed":
        return query.where(QueuedJob.failed_at.is_not(None))
    if state == "done":
        return query.where(QueuedJob.done_at.is_not(None))
    return query.where(QueuedJob.done_at.is_(None), QueuedJob.failed_at.is_(None))


def periodic_runs() -> list[PeriodicRun]:
    """The last turn of every periodic job, by name."""
    return list(db.session.scalars(select(PeriodicRun).order_by(PeriodicRun.name)))
