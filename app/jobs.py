"""Background work: the periodic jobs, and the consumer of the queue, in a server or a worker.

What seals and unseals must not wait for what reads gigabytes or converts documents, so that has
a thread of its own.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from huey.consumer import Consumer

from app.db import db, transaction
from app.queueing import periodic, queue, running

log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = 5
AFTER_FAILURE_SECONDS = 30  # what fails is not tried twice a second, each time with a trace
ASK_AGAIN_SECONDS = 15  # whether a turn that another machine had is ours now


@dataclass
class Job:
    """Something done again and again, each time in a transaction of its own if it writes."""

    name: str
    every_seconds: float
    work: Callable[[], object]
    within: Callable[[], AbstractContextManager[object]] = transaction
    due: float = 0.0
    # what isn't done once for all machines: it has a lock of its own, or is each machine's
    everywhere: bool = False


def schedule(app: Flask) -> list[Job]:
    """What there is to do at its moment. Imported late: each belongs to a feature."""
    from app import upkeep, web, working_days
    from app.api import bell, keeping
    from app.assessments import consequences
    from app.audit import sealing
    from app.blobs import destroying
    from app.identity import factors
    from app.notifications import posting
    from app.papers import sweeping
    from app.personal import erasing
    from app.reviews import remind_due
    from app.reviews import services as reviews
    from app.search import indexing
    from app.working_days import spreading as calendars

    seconds = float(app.config["SEAL_EVERY_SECONDS"])
    personal_days = int(app.config["PERSONAL_DATA_DAYS"])
    return [
        # at the start and every hour: what a restore into another server has left unsealed
        Job("seal all", 3600, partial(sealing.seal, thorough=True), everywhere=True),
        Job("seal", seconds, sealing.seal, everywhere=True),
        Job("lost work", 20, running.release_lost, everywhere=True),
        Job("waiting work", 20, queue.deliver_waiting),
        Job("messages", 30, posting.look),
        Job("working days", 300, working_days.spread_here, everywhere=True),
        Job("calendar", 7 * 24 * 3600, calendars.warn_of_missing),
        Job("search", indexing.EVERY_SECONDS, indexing.catch_up),
        Job("unseal", 60, reviews.unseal_due),
        Job("reminders", 3600, remind_due),
        Job("measures", 3600, consequences.end_due),
        Job("withheld", destroying.EVERY_SECONDS, destroying.forget_withheld, everywhere=True),
        Job("uploads", sweeping.EVERY_SECONDS, sweeping.sweep_uploads, everywhere=True),
        Job("personal data", 24 * 3600, partial(erasing.erase_expired, personal_days)),
        Job("register", 24 * 3600, upkeep.look),
        Job("change feed", bell.EVERY_SECONDS, bell.ring),
        Job("receipts", 24 * 3600, keeping.forget_receipts),
        Job("second factors", 600, factors.seal_again),
        Job("spent forms", 6 * 3600, web.forget_spent),
        Job("done work", 6 * 3600, running.forget_done),
    ]


def heavy(app: Flask) -> list[Job]:
    """What may take minutes, and holds no transaction meanwhile."""
    from app import alerts, screening
    from app.custody import holdings, locking, proving, rewrapping
    from app.papers import sweeping
    from app.personal import rotating
    from app.reading import converting
    from app.similarity import comparing, ignoring
    from app.timestamps import stamping

    authority = str(app.config["TSA_URL"]), str(app.config["TSA_ROOTS_FILE"])
    stamps = partial(stamping.stamp_waiting, *authority)
    return [
        Job(
            "previews",
            converting.LOOK_EVERY_SECONDS,
            converting.convert_wanted,
            nullcontext,
            everywhere=True,
        ),
        Job(
            "old previews",
            converting.SWEEP_EVERY_SECONDS,
            converting.sweep_previews,
            nullcontext,
            everywhere=True,
        ),
        Job("likenesses", comparing.EVERY_SECONDS, comparing.check_waiting, nullcontext),
        Job("common words", ignoring.EVERY_SECONDS, ignoring.learn_common, nullcontext),
        Job("warnings", alerts.EVERY_SECONDS, alerts.look, nullcontext),
        Job("screens", screening.EVERY_SECONDS, screening.look, nullcontext),
        Job("orphans", sweeping.ORPHANS_EVERY_SECONDS, sweeping.sweep_by_itself, nullcontext),
        Job("holdings", holdings.EVERY_SECONDS, holdings.check_hourly, nullcontext),
        Job("comparison", holdings.EVERY_SECONDS, holdings.compare_nightly, nullcontext),
        Job("handshake", proving.EVERY_SECONDS, proving.prove_nightly, nullcontext),
        Job("locks", locking.EVERY_SECONDS, locking.apply_locks, nullcontext),
        Job("store keys", rewrapping.EVERY_SECONDS, rewrapping.wrap_again, nullcontext),
        Job("personal keys", rotating.EVERY_SECONDS, rotating.seal_again, nullcontext),
        Job("time stamps", stamping.EVERY_SECONDS, stamps, nullcontext),
    ]


def checks(_app: Flask) -> list[Job]:
    """Uploads whose senders wait for the virus scanner, in this machine's quarantine."""
    from app.papers import checking

    work = checking.check_waiting
    return [Job("checks", checking.EVERY_SECONDS, work, nullcontext, everywhere=True)]


LANES: dict[str, Callable[[Flask], list[Job]]] = {
    "jobs": schedule,
    "heavy": heavy,
    "checks": checks,
}
CONSUMER: dict[str, Any] = {"periodic": False, "max_delay": 1.0, "graceful_signal": "TERM"}


class InThreads(Consumer):
    """Huey's consumer inside a process that has its own signals."""

    def _set_signal_handlers(self) -> None:
        """Leave the server's signals alone."""


def start(app: Flask) -> list[threading.Thread]:
    """Start the threads; of all processes on this machine only the one with the lock works."""
    threads = start_periodic(app)
    threads.append(threading.Thread(target=_consume, args=(app,), name="queue", daemon=True))
    threads[-1].start()
    return threads


def start_periodic(app: Flask) -> list[threading.Thread]:
    """Start the periodic jobs alone, beside a worker's own consumer."""
    threads = [
        threading.Thread(target=_run, args=(app, lane), name=lane, daemon=True) for lane in LANES
    ]
    for thread in threads:
        thread.start()
    return threads


def work(app: Flask, threads: int) -> None:
    """Be a worker until a signal ends it: what is in hand is finished first."""
    start_periodic(app)
    queue.open_queue(app).create_consumer(workers=threads, **CONSUMER).run()


def _consume(app: Flask) -> None:
    """Do what is queued, in the one process of this machine that has the lock."""
    with (Path(str(app.config["XINGPING_VAR"])) / "queue.lock").open("w") as lock:
        _wait_for(lock.fileno())
        InThreads(
            queue.open_queue(app), workers=int(app.config["WORKER_THREADS"]), **CONSUMER
        ).run()


def _run(app: Flask, lane: str) -> None:
    """Work for as long as the process lives: whatever goes wrong is told and begun anew."""
    while True:
        try:
            _work(app, lane)
        except Exception:
            log.exception("the background work stopped and begins anew")
        time.sleep(AFTER_FAILURE_SECONDS)


def _work(app: Flask, lane: str) -> None:
    with (Path(str(app.config["XINGPING_VAR"])) / f"{lane}.lock").open("w") as lock:
        _wait_for(lock.fileno())
        jobs = LANES[lane](app)
        while True:
            run_due(app, jobs, time.monotonic())
            time.sleep(min(job.every_seconds for job in jobs))


def _wait_for(descriptor: int) -> None:
    """The process that works may end: then this one goes on."""
    while not _takes(descriptor):
        time.sleep(TRY_AGAIN_SECONDS)


def _takes(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def run_due(app: Flask, jobs: list[Job], now: float) -> None:
    """Do what is due; what fails is told in the log and tried again at its next time."""
    for job in jobs:
        if job.due > now:
            continue
        job.due = now + job.every_seconds
        try:
            with app.app_context():
                try:
                    if not _do(job):
                        job.due = now + min(job.every_seconds, ASK_AGAIN_SECONDS)
                finally:
                    db.session.remove()
        except Exception:
            job.due = now + max(job.every_seconds, AFTER_FAILURE_SECONDS)
            log.exception("the job %s failed and will be tried again", job.name)


def _do(job: Job) -> bool:
    """Do a job if it is this process's turn; False where another machine has it."""
    if job.everywhere:
        with job.within():
            job.work()
        return True
    with transaction():
        if not periodic.take_turn(job.name, job.every_seconds):
            return False
    failed: Exception | None = None
    try:
        with job.within():
            job.work()
    except Exception as error:
        failed = error
        raise
    finally:
        pause = max(job.every_seconds, AFTER_FAILURE_SECONDS) if failed else job.every_seconds
        with transaction():
            periodic.end_turn(job.name, pause, failed)
    return True
