"""A worker that is killed at each step of an upload, and a disk that is full: nothing is lost."""

import http.client
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.db import db
from app.papers import sweeping, upload_views, uploading
from app.papers.models import PaperVersion, Upload
from tests import servers
from tests.papers.filing import pdf
from tests.papers.test_servers import MIB, eventually, rows, spools
from tests.papers.test_sweeping import DAY, age
from tests.papers.test_tus_servers import Place

pytestmark = pytest.mark.database("sqlite")  # files and processes; rows stand or fall on both alike
DATA = pdf("Report") + bytes(2 * MIB)


class OneKill:
    """Kills the process that passes the step for the first time, by itself and for good."""

    def __init__(self, folder):
        self.flag = folder / "killed"

    def pass_by(self):
        try:
            self.flag.touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def before(self, function):
        def killed(*arguments, **named):
            self.pass_by()
            return function(*arguments, **named)

        return killed

    def after(self, function):
        def killed(*arguments, **named):
            answer = function(*arguments, **named)
            self.pass_by()
            return answer

        return killed


def before_the_judgement(kill, app, monkeypatch):
    monkeypatch.setattr(uploading.media, "accept", kill.before(uploading.media.accept))


def before_the_store(kill, app, monkeypatch):
    store = app.extensions["object_store"]
    monkeypatch.setattr(store, "put", kill.before(store.put))


def in_the_promotion(kill, app, monkeypatch):
    """The bytes have their name in the store, and the folder was not yet flushed."""
    monkeypatch.setattr("storage.local._flush", kill.before(_plain_flush()))


def _plain_flush():
    from storage import local

    return local._flush


def between_store_and_row(kill, app, monkeypatch):
    store = app.extensions["object_store"]
    monkeypatch.setattr(store, "put", kill.after(store.put))


def between_row_and_commit(kill, app, monkeypatch):
    real = upload_views.services.submit_paper

    def written(*arguments):
        paper = real(*arguments)
        db.session.flush()
        kill.pass_by()
        return paper

    monkeypatch.setattr(upload_views.services, "submit_paper", written)


STEPS = (
    before_the_judgement,
    before_the_store,
    in_the_promotion,
    between_store_and_row,
    between_row_and_commit,
)


@contextmanager
def serving(make_district, prepare=None, **settings):
    app = make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None, **settings)
    if prepare:
        prepare(app)
    place = Place(app)
    try:
        yield place
    finally:
        place.portal.end()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_kill_at_any_step_loses_nothing_and_the_sender_goes_on(
    make_district, tmp_path, monkeypatch, step
):
    kill = OneKill(tmp_path)
    with serving(make_district, lambda app: step(kill, app, monkeypatch)) as place:
        address = place.announce(len(DATA))
        assert place.send_part(address, 0, DATA) == 204
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            place.submit(address)
        assert kill.flag.exists()
        assert place.offset(address) == len(DATA), "whole, and asked of the next worker"
        assert rows(place.app, PaperVersion) == [], "no row, with or without its bytes"
        status, _headers, body = place.submit(address)
        assert status == 201, body
        for path in spools(place.app):
            age(path, DAY + 60)
        with place.app.app_context():
            from app.db import transaction

            with transaction():
                sweeping.sweep_uploads()
        assert place.is_whole(DATA)


@pytest.mark.parametrize("step", [before_the_store, between_store_and_row])
def test_a_kill_while_a_whole_body_arrives_leaves_an_orphan_at_most(
    make_district, tmp_path, monkeypatch, step
):
    kill = OneKill(tmp_path)
    with serving(make_district, lambda app: step(kill, app, monkeypatch)) as place:
        url = f"/engagements/{place.engagement}/papers/uploads"
        fields = {
            "index_no": "C-07",
            "title": "台账",
            "unclassified": "y",
            "stage": str(place.stage),
        }
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            place.portal.upload(url, DATA, **fields)
        assert rows(place.app, PaperVersion) == []
        assert eventually(lambda: alive(place))
        assert place.portal.upload(url, DATA, **fields)[0] == 201
        with place.app.app_context():
            from app.store import object_store

            key = rows(place.app, PaperVersion)[0].store_key
            object_store().check(key)
            for path in spools(place.app):
                age(path, DAY + 60)
            assert sweeping.sweep_orphans() == 0, "what a row names stays"


def alive(place):
    try:
        return place.portal.request("GET", "/sign-in")[0]
    except (ConnectionError, http.client.HTTPException):
        return 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of eight megabytes; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no right to make a small disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_in_words_and_the_sender_goes_on(make_district, small_disk):
    """The quarantine's disk is full; what arrived stays, and there is room again later."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(5 * MIB))
    data = pdf("Report") + os.urandom(4 * MIB)

    def move(app):
        spool = small_disk / "spool"
        spool.mkdir()
        os.symlink(spool, os.path.join(app.config["XINGPING_VAR"], "spool"))

    with serving(make_district, move) as place:
        address = place.announce(len(data))
        assert place.send_part(address, 0, data) == 503
        offset = place.offset(address)
        assert 2 * MIB < offset < len(data)
        ballast.unlink()
        assert place.send_part(address, offset, data[offset:]) == 204
        assert place.submit(address)[0] == 201
        assert [version.size for version in rows(place.app, PaperVersion)] == [len(data)]
        assert rows(place.app, Upload) == []


def test_a_store_that_is_killed_and_comes_back_takes_the_file_that_waited(make_district, tmp_path):
    with (
        servers.seaweedfs(tmp_path / "weed") as weed,
        serving(make_district, STORAGE_URL=weed.url) as place,
    ):
        address = place.announce(len(DATA))
        half = len(DATA) // 2
        assert place.send_part(address, 0, DATA[:half]) == 204
        weed.process.kill()
        weed.process.wait()
        assert place.send_part(address, half, DATA[half:]) == 204, "parts don't need the store"
        status, _headers, body = place.submit(address)
        assert (status, b"error" in body) == (503, True)
        assert place.offset(address) == len(DATA)
        again = started_again(weed)
        try:
            assert place.submit(address)[0] == 201
            assert place.is_whole(DATA)
        finally:
            servers.end(again.process, patience=0.5)


def started_again(weed):
    """The same server on the same data."""
    folder = Path(weed.process.args[2].partition("=")[2])
    with (folder / "again.log").open("wb") as log:
        process = subprocess.Popen(weed.process.args, cwd=folder, stdout=log, stderr=log)
    again = servers.S3Server(weed.url, weed.endpoint, weed.access, weed.secret, process)
    assert servers._takes_a_put(again), (folder / "again.log").read_text()[-2000:]
    return again
