"""A move of all files may be killed anywhere and goes on; what arrived is whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.custody import copying
from app.custody.copying import Fate
from app.db import db
from app.papers.sweeping import named_keys
from app.store import object_store, open_at
from storage import open_store
from storage.cipher import is_sealed
from storage.spool import sweep
from tests.factories import make_engagement
from tests.papers.filing import crew_of, file_kept

pytestmark = pytest.mark.database("sqlite")  # the store is what is tried; rows are few

ROOT = Path(__file__).parents[2]
MIB = 1 << 20


@pytest.fixture
def kept(district):
    engagement = make_engagement()
    lead = crew_of(engagement)[0]
    for number in range(1, 9):
        data = b"%PDF-1.4\n%" + os.urandom(MIB).hex().encode()
        file_kept(lead, engagement, f"C-{number:02}", "资料", data, "资料.pdf")
    return sorted(named_keys())


def killed_copier(source, target, *, after):
    """The keys that were copied before the process was killed."""
    copier = subprocess.Popen(
        [sys.executable, "-m", "tests.custody.copier", source, target],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    lines = [copier.stdout.readline() for _turn in range(after)]
    copier.send_signal(signal.SIGKILL)
    lines += copier.stdout.readlines()
    copier.stdout.close()
    assert copier.wait() == -signal.SIGKILL
    return [line.split()[-1] for line in lines if line.endswith("\n")]


def test_a_killed_move_goes_on_where_it_stopped(kept, district, tmp_path):
    source, target = str(district.config["STORAGE_URL"]), f"file://{tmp_path}/moved"
    first = killed_copier(source, target, after=2)
    second = killed_copier(source, target, after=len(first) + 2)
    there = open_store(target)
    assert len(first) < len(kept)
    assert set(first) <= set(second) <= set(there.keys()) <= set(kept)
    for key in there.keys():  # noqa: SIM118 - a store is no dict
        there.check(key)
    done = len(list(there.keys()))
    run = CliRunner().invoke(main, ["store", "copy", "--to", target])
    assert run.exit_code == 0
    assert f"{done} there already" in run.output
    assert f"{len(kept) - done} copied" in run.output
    assert sorted(there.keys()) == kept
    for key in kept:
        there.check(key)
    sweep(tmp_path / "moved" / "tmp", older_than=-1)
    assert list((tmp_path / "moved" / "tmp").iterdir()) == []


def test_a_district_moves_into_a_locked_bucket_sealed_and_back(kept, district, locked_url):
    run = CliRunner().invoke(main, ["store", "copy", "--lock", "--to", locked_url])
    assert (run.exit_code, run.output) == (0, "8 copied\n")
    bucket = open_at(district, locked_url, STORAGE_LOCK=True)
    with bucket.inner.open(kept[0]) as reader:
        assert is_sealed(reader.read(100))
    with object_store().open(kept[0]) as reader:
        assert reader.read(5) == b"%PDF-", "the folder is read as before"
    back = open_store(f"file://{district.config['XINGPING_VAR']}/back")
    assert [fate for _key, fate in copying.copy(bucket, back, kept)] == [Fate.COPIED] * 8
    for key in kept:
        back.check(key)
    again = CliRunner().invoke(main, ["store", "copy", "--lock", "--to", locked_url])
    assert again.output == "8 there already\n"
    db.session.rollback()
