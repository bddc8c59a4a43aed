"""Real workers, killed while they work: the work is done again, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock, queueing
from app.db import db, transaction
from app.queueing.models import PeriodicRun, QueuedJob
from app.queueing.works import Work, works
from tests import servers

ROOT = Path(__file__).parents[2]
WORKER = """
import os, sys, time
from pathlib import Path
from app import create_app, jobs
from app.queueing.works import Work, can_do
from config import load_config
folder = Path(sys.argv[1])
def slow(n):
    (folder / f"began-{n}-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)
    (folder / f"done-{n}").touch()
can_do(Work("test.slow", "slow", slow))
jobs.ASK_AGAIN_SECONDS = 1
jobs.work(create_app(load_config(os.environ)), 2)
"""


@pytest.fixture
def asked(district, tmp_path, monkeypatch):
    """A district whose workers are processes of their own."""
    monkeypatch.setitem(works, "test.slow", Work("test.slow", "slow", print))
    return district


def start(app, folder):
    env = {
        **os.environ,
        "XINGPING_EMBEDDED": "1",
        "XINGPING_VAR": str(app.config["XINGPING_VAR"]),
        "DATABASE_URL": str(app.config["DATABASE_URL"]),
        "PYTHONPATH": str(ROOT),
        "SEAL_EVERY_SECONDS": "0.3",
    }
    command = [sys.executable, "-c", WORKER, str(folder)]
    return subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)


def until(condition, seconds=40):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def states():
    db.session.rollback()
    return [(job.done_at is not None, job.tries) for job in db.session.scalars(select(QueuedJob))]


def test_a_killed_workers_job_is_done_by_the_next(asked, tmp_path):
    with transaction():
        queueing.enqueue("test.slow", n=1)
    first = start(asked, tmp_path)
    try:
        until(lambda: list(tmp_path.glob("began-1-*")))
        first.send_signal(signal.SIGKILL)
    finally:
        first.kill()
        first.wait()
    assert states() == [(False, 1)]
    forward(asked)
    second = start(asked, tmp_path)
    try:
        until(lambda: len(list(tmp_path.glob("began-1-*"))) == 2)
        (tmp_path / "go").touch()
        until(lambda: states() == [(True, 2)])
        assert (tmp_path / "done-1").exists()
        second.terminate()
        assert second.wait(20) is not None, "a signal ends it in peace"
    finally:
        servers.end(second)


def forward(app):
    """Let the minute pass after which a number is handed in again."""
    past = clock.now().replace(year=2020)
    with transaction():
        for job in db.session.scalars(select(QueuedJob)):
            job.delivered_at = past
        for run in db.session.scalars(select(PeriodicRun)):
            run.due_at, run.claimed_until = past, None
