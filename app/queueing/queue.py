"""The queue: huey carries the numbers of rows, over SQLite, PostgreSQL or Redis.

The row is the truth. What the queue loses is handed in again by `deliver_waiting`.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import make_url

from app import clock
from app.db import after_commit, db
from app.queueing.models import QueuedJob
from app.queueing.works import works

log = logging.getLogger(__name__)
NAME = "xingping"
SCHEMA = "queue"  # huey's own tables on PostgreSQL, made by our migration
HAND_IN_AGAIN = timedelta(minutes=1)
MOST_AT_ONCE = 500
SLOW_SECONDS, AWAY_SECONDS = 0.3, 30.0  # a queue that hung so long is left alone for so long
AWAY = "queue_away_until"
REDIS_SECONDS = 1.0  # a page that hands something in waits no longer for a Redis that is away


def enqueue(name: str, **facts: object) -> int:
    """Ask for work, inside the transaction of the change that needs it; return the row's number.

    It is done after the commit by some worker, at least once, and not at all where the change is
    taken back. The facts are plain: numbers and words of records, never the records.
    """
    if name not in works:
        raise ValueError(f"nobody knows how to do {name}")
    now = clock.now()
    row = {"name": name, "facts": facts, "asked_at": now, "due_at": now, "delivered_at": now}
    defaults = {"claimed_by": "", "tries": 0, "error": ""}
    added = insert(QueuedJob).values(**row, **defaults).returning(QueuedJob.id)
    number = int(db.session.execute(added).scalar_one())
    after_commit(partial(hand_in, number))
    return number


def hand_in(number: int) -> None:
    """Tell the workers of a row; a queue that is away is told of it later by the sweep.

    One that doesn't even refuse is waited for once: what an act of fifty rows hands in next
    stays in the database, and the page is not held up fifty times.
    """
    began = time.monotonic()
    if began < current_app.extensions.get(AWAY, 0.0):
        return
    try:
        _carrier()(number)
    except Exception:
        log.exception("the queue is away: job %s waits in the database", number)
        if time.monotonic() - began > SLOW_SECONDS:
            current_app.extensions[AWAY] = time.monotonic() + AWAY_SECONDS


def deliver_waiting() -> int:
    """Hand in again what waits though it is due: retries, and what a queue or a worker lost."""
    now = clock.now()
    told = or_(
        QueuedJob.delivered_at.is_(None), QueuedJob.delivered_at < clock.now() - HAND_IN_AGAIN
    )
    query = waiting().where(QueuedJob.due_at <= now, told)
    query = query.where(or_(QueuedJob.claimed_until.is_(None), QueuedJob.claimed_until <= now))
    found = list(db.session.scalars(query.order_by(QueuedJob.id).limit(MOST_AT_ONCE)))
    if found:
        handed = update(QueuedJob).where(QueuedJob.id.in_(found))
        db.session.execute(handed.values(delivered_at=now))
    for number in found:
        after_commit(partial(hand_in, number))
    return len(found)


def waiting() -> Any:
    """The numbers of the rows that are neither done nor given up."""
    return select(QueuedJob.id).where(QueuedJob.done_at.is_(None), QueuedJob.failed_at.is_(None))


def open_queue(app: Flask) -> Huey:
    """This process's queue; a forked process opens its own (`forget_queue`)."""
    if "queue" not in app.extensions:
        from app.queueing.running import run

        queue = _made(app)
        app.extensions["queue"] = queue
        app.extensions["queue_carrier"] = queue.task(name="run")(partial(_run_in, app, run))
    found: Huey = app.extensions["queue"]
    return found


def forget_queue(app: Flask) -> None:
    """Connections don't survive a fork."""
    app.extensions.pop("queue", None)


def _carrier() -> Callable[[int], object]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # werkzeug's proxy
    open_queue(app)
    carrier: Callable[[int], object] = app.extensions["queue_carrier"]
    return carrier


def _run_in(app: Flask, run: Callable[[int], None], number: int) -> None:
    with app.app_context():
        try:
            run(number)
        finally:
            db.session.remove()


def _made(app: Flask) -> Huey:
    """The queue by its address: Redis where it is set, else beside the database that is used."""
    address = str(app.config["QUEUE_URL"]) or str(app.config["DATABASE_URL"])
    shared: dict[str, Any] = {
        "results": False,
        "serializer": SignedSerializer(str(app.config["SECRET_KEY"])),
    }
    if address.startswith(("redis://", "rediss://")):
        url = _with_time_limits(address)
        return RedisHuey(NAME, url=url, **shared)
    if address.startswith("postgresql"):
        plain = make_url(address).set(drivername="postgresql")
        dsn = plain.render_as_string(hide_password=False)
        return PostgresHuey(
            NAME, dsn=dsn, create_tables=False, options=f"-c search_path={SCHEMA}", **shared
        )
    file = Path(str(app.config["XINGPING_VAR"])) / "queue.db"
    # Nothing is lost with this file, so it needs no sync to the disk.
    return SqliteHuey(NAME, filename=str(file), fsync=False, timeout=15, **shared)


def _with_time_limits(address: str) -> str:
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}socket_connect_timeout={REDIS_SECONDS}&socket_timeout=5"
