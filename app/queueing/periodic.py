"""Once everywhere: of all processes on all machines one takes the turn of a periodic job."""

from datetime import datetime, timedelta

from sqlalchemy import Executable, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.db import db
from app.queueing.models import PeriodicRun
from app.queueing.running import told, touched, whoami

LEASE = timedelta(hours=1)


def take_turn(name: str, every_seconds: float) -> bool:
    """Whether this process does the job now; in a transaction of its own.

    Due is what the row says, so that two machines don't both do it. A row whose time lies
    further ahead than the job's own period was written before the clock was set back.
    """
    now = clock.now()
    db.session.execute(_first(name, now))
    ahead = now + timedelta(seconds=2 * every_seconds)
    due = or_(PeriodicRun.due_at <= now, PeriodicRun.due_at > ahead)
    free = or_(PeriodicRun.claimed_until.is_(None), PeriodicRun.claimed_until <= now)
    strange = PeriodicRun.claimed_until > now + 2 * LEASE
    turn = update(PeriodicRun).where(PeriodicRun.name == name, due, or_(free, strange))
    values = {"claimed_until": now + LEASE, "claimed_by": whoami(), "began_at": now}
    return bool(touched(db.session.execute(turn.values(**values))))


def end_turn(name: str, every_seconds: float, error: Exception | None) -> None:
    """Note how it went, and when it is due again."""
    now, mine = clock.now(), update(PeriodicRun).where(PeriodicRun.name == name)
    values: dict[str, object] = {
        "claimed_until": None,
        "due_at": now + timedelta(seconds=every_seconds),
    }
    if error is None:
        values |= {"done_at": now, "error": "", "failures": 0}
    else:
        more = PeriodicRun.failures + 1
        values |= {"failed_at": now, "error": told(error), "failures": more}
    db.session.execute(mine.where(PeriodicRun.claimed_by == whoami()).values(**values))


def _first(name: str, now: datetime) -> Executable:
    """The row of a job that was never done; of two that add it at once one does."""
    kind = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"name": name, "due_at": now, "claimed_by": "", "error": "", "failures": 0}
    return kind.insert(PeriodicRun).values(**row).on_conflict_do_nothing()
