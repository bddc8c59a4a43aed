"""A worker that is killed at each step of an upload, and a disk that is full: nothing is lost."""

import hashlib
import http.client
import io
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.db import db, transaction
from app.papers import (
    checking,
    quarantine,
    submitting,
    sweeping,
    upload_views,
    uploading,
    uploads,
)
from app.papers.files import NewPaper
from app.papers.models import PaperVersion, Upload, VersionFile
from app.papers.tus import Part
from storage.folders import flush_folder
from tests import servers
from tests.factories import make_engagement
from tests.papers.filing import crew_of, pdf
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
    monkeypatch.setattr("storage.local.flush_folder", kill.before(flush_folder))


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
        with place.app.app_context(), transaction():
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


@pytest.mark.nightly
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


def test_a_full_disk_of_the_store_is_said_in_words_and_the_sender_goes_on(
    make_district, small_disk
):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(5 * MIB))
    data = pdf("Report") + os.urandom(4 * MIB)
    with serving(make_district, STORAGE_URL=f"file://{small_disk}/store") as place:
        url = f"/engagements/{place.engagement}/papers/uploads"
        status, _headers, body = place.portal.upload(url, data, **fields_of(place))
        assert (status, b"error" in body) == (503, True)
        assert rows(place.app, PaperVersion) == []
        address = place.announce(len(data))
        assert place.send_part(address, 0, data) == 204
        assert place.submit(address)[0] == 503, "the quarantine has room, the store has none"
        ballast.unlink()
        assert place.submit(address)[0] == 201
        assert place.is_whole(data)


def fields_of(place):
    return {"index_no": "C-07", "title": "台账", "unclassified": "y", "stage": str(place.stage)}


def test_a_store_that_is_killed_in_the_middle_of_a_put_keeps_the_file_waiting(
    make_district, tmp_path, monkeypatch
):
    """The body is half on its way when the server dies; nothing of it is a paper."""
    from storage import s3

    with servers.seaweedfs(tmp_path / "weed") as weed:
        real = s3.S3Store._send

        def dying(store, key, body, received):
            if received.size > MIB and not (tmp_path / "killed").exists():
                body = DyingServer(body, received.size, weed.process.pid, tmp_path / "killed")
            return real(store, key, body, received)

        monkeypatch.setattr(s3.S3Store, "_send", dying)
        with serving(make_district, STORAGE_URL=weed.url) as place:
            address = place.announce(len(DATA))
            assert place.send_part(address, 0, DATA) == 204
            assert place.submit(address)[0] == 503
            assert (tmp_path / "killed").exists()
            weed.process.wait()
            assert rows(place.app, PaperVersion) == []
            assert place.offset(address) == len(DATA)
            again = started_again(weed)
            try:
                assert place.submit(address)[0] == 201
                assert place.is_whole(DATA)
            finally:
                servers.end(again.process, patience=0.5)


class DyingServer:
    """A body in whose middle the server that reads it is killed."""

    def __init__(self, body, size, pid, flag):
        self.body, self.half, self.pid, self.flag = body, size // 2, pid, flag

    def read(self, count=-1):
        piece = self.body.read(min(count, 1 << 16) if count > 0 else 1 << 16)
        if self.body.tell() > self.half and not self.flag.exists():
            self.flag.touch()
            os.kill(self.pid, signal.SIGKILL)
        return piece

    def __getattr__(self, name):
        return getattr(self.body, name)


def after_the_first_file(kill, app, monkeypatch):
    monkeypatch.setattr(
        upload_views.quarantine.uploads, "note_release", kill.after(uploads.note_release)
    )


@pytest.mark.parametrize(
    "step",
    [pytest.param(between_store_and_row, marks=pytest.mark.nightly), after_the_first_file],
)
def test_a_kill_between_the_files_of_a_version_loses_none(
    make_district, tmp_path, monkeypatch, step
):
    kill, datas = OneKill(tmp_path), [pdf(f"file {n}") + bytes(n * 999) for n in range(3)]
    with serving(make_district, lambda app: step(kill, app, monkeypatch)) as place:
        addresses = [place.announce(len(data)) for data in datas]
        for address, data in zip(addresses, datas, strict=True):
            assert place.send_part(address, 0, data) == 204
        joined = ",".join(address.rpartition("/")[2] for address in addresses)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            place.submit(joined)
        assert kill.flag.exists()
        assert rows(place.app, PaperVersion) == []
        assert eventually(lambda: alive(place))
        assert place.submit(joined)[0] == 201
        (version,) = rows(place.app, PaperVersion)
        kept = [version.sha256, *(one.sha256 for one in rows(place.app, VersionFile))]
        assert kept == [hashlib.sha256(data).hexdigest() for data in datas]
        assert rows(place.app, Upload) == []


def before_the_release(kill, _app, monkeypatch):
    monkeypatch.setattr(checking.uploads, "note_release", kill.before(uploads.note_release))


def before_the_scan(kill, _app, monkeypatch):
    monkeypatch.setattr(checking.quarantine, "promoted", kill.before(quarantine.promoted))


def before_the_version_is_committed(kill, _app, monkeypatch):
    real = checking.services.submit_paper
    monkeypatch.setattr(checking.services, "submit_paper", kill.after(real))


CHECKS = (
    pytest.param(before_the_scan, marks=pytest.mark.nightly),
    pytest.param(before_the_store, marks=pytest.mark.nightly),
    between_store_and_row,
    pytest.param(before_the_release, marks=pytest.mark.nightly),
    before_the_version_is_committed,
)


@pytest.mark.parametrize("step", CHECKS)
def test_a_kill_in_the_background_check_loses_nothing(make_district, tmp_path, monkeypatch, step):
    app, kill = make_district(), OneKill(tmp_path)
    with app.app_context():
        engagement = make_engagement()
        lead = crew_of(engagement)[0]
        waiting_paper(engagement, lead)
        db.session.remove()
        db.engine.dispose()
    step(kill, app, monkeypatch)
    assert os.WTERMSIG(in_a_process(app)) == signal.SIGKILL
    assert rows(app, PaperVersion) == [], "no row, with or without its bytes"
    assert in_a_process(app) == 0
    (version,) = rows(app, PaperVersion)
    assert version.sha256 == hashlib.sha256(DATA).hexdigest()
    assert rows(app, Upload) == []
    with app.app_context():
        from app.store import object_store

        object_store().check(version.store_key)


def waiting_paper(engagement, lead):
    """A file in quarantine and the form that waits for it."""
    new = uploads.NewUpload("台账.pdf", len(DATA), is_unclassified=True)
    with transaction():
        upload = uploads.begin_upload(lead, engagement, new, quarantine.limits())
    quarantine.gathering_of(upload).add(io.BytesIO(DATA), Part(0, len(DATA)))
    with transaction():
        told = NewPaper("C-07", "台账", engagement.current_stage)
        submitting.hand_in_paper(lead, engagement, told, [upload])


def in_a_process(app):
    """Check what waits in a process of its own; how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with app.app_context():
                checking.check_waiting()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]
