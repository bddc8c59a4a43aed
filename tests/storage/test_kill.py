"""A process that is killed while it writes: nothing half, nothing acknowledged lost."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage import open_store
from storage.spool import sweep

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["local", "s3"])
def url(request, tmp_path):
    if request.param == "local":
        return f"file://{tmp_path}/store"
    return request.getfixturevalue("s3_server").url


def killed_after(seconds, url, folder):
    """The keys that a writer acknowledged before it was killed."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writer", url, str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    acknowledged = [writer.stdout.readline()]  # it is at work
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return [line.strip() for line in acknowledged if line.endswith("\n")]


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.nightly)])
def test_a_killed_writer_leaves_nothing_half(url, tmp_path, rounds):
    store = open_store(url)
    before, acknowledged = set(store.keys()), []
    for _ in range(rounds):
        acknowledged += killed_after(random.uniform(0.01, 0.25), url, tmp_path / "spools")

    kept = set(store.keys()) - before
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + rounds  # at most one more, whose answer was cut
    for key in kept:
        store.check(key)
        assert store.size(key) == 4 << 20
    sweep(tmp_path / "spools", older_than=-1)
    assert list((tmp_path / "spools").iterdir()) == []
