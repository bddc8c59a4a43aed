"""Background work of the embedded portal: two threads in one of the server's processes.

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

from flask import Flask

from app.db import db, transaction

log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = 5
AFTER_FAILURE_SECONDS = 30  # what fails is not tried twice a second, each time with a trace


@dataclass
class Job:
    """Something done again and again, each time in a transaction of its own if it writes."""

    name: str
    every_seconds: float
    work: Callable[[], object]
    within: Callable[[], AbstractContextManager[object]] = transaction
    due: float = 0.0


def schedule(app: Flask) -> list[Job]:
    """What there is to do at its moment. Imported late: each belongs to a feature."""
    from app.audit import sealing
    from app.papers import sweeping
    from app.reviews import services as reviews

    seconds = float(app.config["SEAL_EVERY_SECONDS"])
    return [
        # at the start and every hour: what a restore into another server has left unsealed
        Job("seal all", 3600, partial(sealing.seal, thorough=True)),
        Job("seal", seconds, sealing.seal),
        Job("unseal", 60, reviews.unseal_due),
        Job("uploads", sweeping.EVERY_SECONDS, sweeping.sweep_uploads),
    ]


def heavy(_app: Flask) -> list[Job]:
    """What may take minutes, and holds no transaction meanwhile."""
    from app.papers import holdings, sweeping

    return [
        Job("orphans", sweeping.ORPHANS_EVERY_SECONDS, sweeping.sweep_by_itself, nullcontext),
        Job("holdings", holdings.EVERY_SECONDS, holdings.check_hourly, nullcontext),
    ]


LANES: dict[str, Callable[[Flask], list[Job]]] = {"jobs": schedule, "heavy": heavy}


def start(app: Flask) -> list[threading.Thread]:
    """Start the threads; of all processes on this machine only the one with the lock works."""
    threads = [
        threading.Thread(target=_run, args=(app, lane), name=lane, daemon=True) for lane in LANES
    ]
    for thread in threads:
        thread.start()
    return threads


def _run(app: Flask, lane: str) -> None:
    """Work for as long as the process lives: whatever goes wrong is told and begun anew."""
    while True:
        try:
            _work(app, lane)
        except Exception:
            log.exception("the background work stopped and begins anew")
        time.sleep(AFTER_FAILURE_SECONDS)


def _work(app: Flask, lane: str) -> None:
    path = Path(str(app.config["XINGPING_VAR"])) / f"{lane}.lock"
    with path.open("w") as lock:
        while not _takes(lock.fileno()):
            time.sleep(TRY_AGAIN_SECONDS)  # the process that works may end: then this one goes on
        jobs = LANES[lane](app)
        while True:
            run_due(app, jobs, time.monotonic())
            time.sleep(min(job.every_seconds for job in jobs))


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
                    with job.within():
                        job.work()
                finally:
                    db.session.remove()
        except Exception:
            job.due = now + max(job.every_seconds, AFTER_FAILURE_SECONDS)
            log.exception("the job %s failed and will be tried again", job.name)
