"""Uploads in parts over a real connection: with a public client, through cuts and kills."""

import base64
import hashlib
import http.client
import json
import os
import signal
import socket
import threading
import time
from urllib.parse import quote

import psutil
import pytest
from tusclient import client as tus
from tusclient.exceptions import TusCommunicationError

from app.db import db
from app.papers.models import PaperVersion, Upload
from tests.factories import make_engagement
from tests.papers.filing import crew_of, pdf
from tests.papers.test_servers import MIB, Portal, eventually, rows, s3_server, spools, storage

__all__ = ["s3_server", "storage"]  # fixtures
FILES_ONLY = pytest.mark.database("sqlite")  # about files and connections; rows are alike on both
NAME = "C-07 收资台账.pdf"


class Place:
    """A portal with one engagement, and what its signed-in lead evaluator says of files."""

    def __init__(self, app):
        self.app = app
        with app.app_context():
            engagement = make_engagement()
            login, self.engagement = crew_of(engagement)[0].login, engagement.id
            self.stage = engagement.current_stage.id
            db.session.remove()
            db.engine.dispose()
        self.portal = Portal(app, login)
        self.url = f"http://{self.portal.host}:{self.portal.port}"

    @property
    def headers(self):
        return {"Cookie": self.portal.cookie, "X-CSRFToken": self.portal.token}

    def uploader(self, path, **more):
        """The public client, as anybody would use it."""
        told = {"engagement": str(self.engagement), "filename": NAME, "unclassified": "y"}
        client = tus.TusClient(f"{self.url}/uploads", headers=self.headers)
        return client.uploader(str(path), metadata=told, **more)

    def announce(self, length):
        told = {"engagement": str(self.engagement), "filename": NAME, "unclassified": "y"}
        coded = (f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
        status, headers, body = self.portal.request(
            "POST", "/uploads", **self.headers,
            **{"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": ",".join(coded)},
        )  # fmt: skip
        assert status == 201, body
        return headers["Location"]

    def part_headers(self, offset, length):
        return {
            **self.headers,
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }

    def begin_part(self, address, offset, length, piece):
        """Announce a part, send the beginning of it, and keep the line open."""
        line = socket.create_connection((self.portal.host, self.portal.port), timeout=10)
        head = "".join(f"{k}: {v}\r\n" for k, v in self.part_headers(offset, length).items())
        line.sendall(f"PATCH {address} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + piece)
        return line

    def send_part(self, address, offset, piece):
        return self.portal.request(
            "PATCH", address, piece, **self.part_headers(offset, len(piece))
        )[0]

    def offset(self, address):
        for _turn in range(100):
            try:
                _status, headers, _body = self.portal.request(
                    "HEAD", address, **self.headers, **{"Tus-Resumable": "1.0.0"}
                )
                return int(headers["Upload-Offset"])
            except (ConnectionError, http.client.HTTPException):
                time.sleep(0.1)  # a worker was killed, and the next one starts
        raise AssertionError("the server did not come back")

    def submit(self, address, index_no="C-07"):
        fields = {"index_no": index_no, "title": "收资台账", "unclassified": "y",
                  "stage": str(self.stage)}  # fmt: skip
        headers = {
            **self.headers,
            "Content-Type": "application/octet-stream",
            "X-Upload": address.rpartition("/")[2],
            "X-Upload-Fields": quote(json.dumps(fields)),
            "X-Requested-With": "fetch",
        }
        return self.portal.request(
            "POST", f"/engagements/{self.engagement}/papers/uploads", **headers
        )

    def worker(self):
        (worker,) = psutil.Process(self.portal.pid).children()
        return worker

    def is_whole(self, data):
        """One paper holds these bytes, and nothing else is left anywhere."""
        (version,) = rows(self.app, PaperVersion)
        assert (version.sha256, version.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert rows(self.app, Upload) == []
        assert spools(self.app) == []
        return True


@pytest.fixture
def place(make_district, storage):
    app = make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None, **storage)
    place = Place(app)
    yield place
    place.portal.end()


@pytest.fixture
def local_place(make_district):
    place = Place(make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None))
    yield place
    place.portal.end()


def test_the_public_client_sends_sixty_megabytes_in_parts(place, tmp_path):
    data = pdf("Report") + os.urandom(MIB) * 60
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    before = place.portal.peak()
    uploader = place.uploader(path, chunk_size=8 * MIB, upload_checksum=True)
    uploader.upload()
    address = uploader.url.removeprefix(place.url)
    assert place.offset(address) == len(data)
    status, _headers, body = place.submit(address)
    assert status == 201, body
    page = json.loads(body)["location"]
    assert place.is_whole(data)
    assert place.portal.request("GET", f"{page}/versions/1/file")[2] == data
    assert place.portal.peak() - before < 40 * MIB


def test_the_public_client_goes_on_after_its_connection_was_cut(local_place, tmp_path):
    data = pdf("Report") + os.urandom(MIB) * 6
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    first = local_place.uploader(path, chunk_size=2 * MIB)
    first.upload_chunk()
    address = first.url.removeprefix(local_place.url)
    line = local_place.begin_part(address, 2 * MIB, len(data) - 2 * MIB, data[2 * MIB : 5 * MIB])
    line.close()  # in the middle of what was announced
    assert eventually(lambda: local_place.offset(address) > 4 * MIB), "what came is kept"
    again = local_place.uploader(path, chunk_size=2 * MIB, url=first.url)
    assert again.offset == local_place.offset(address)
    again.upload()
    assert local_place.submit(address)[0] == 201
    assert local_place.is_whole(data)


def test_a_worker_killed_in_the_middle_of_a_part_loses_at_most_a_piece(local_place):
    data = pdf("Report") + os.urandom(MIB) * 9
    address = local_place.announce(len(data))
    line = local_place.begin_part(address, 0, len(data), data[: 6 * MIB])
    assert eventually(lambda: local_place.offset(address) > 5 * MIB)
    killed = local_place.worker().pid
    os.kill(killed, signal.SIGKILL)
    line.close()
    offset = local_place.offset(address)
    assert 5 * MIB < offset <= 6 * MIB
    assert local_place.worker().pid != killed
    assert local_place.send_part(address, offset, data[offset:]) == 204
    assert local_place.submit(address)[0] == 201
    assert local_place.is_whole(data)


@FILES_ONLY
def test_a_connection_that_hangs_keeps_nobody_out(local_place):
    data = pdf("Report") + os.urandom(MIB) * 3
    address = local_place.announce(len(data))
    hung = local_place.begin_part(address, 0, len(data), data[:MIB])
    assert eventually(lambda: local_place.offset(address) >= MIB // 2)
    offset = local_place.offset(address)
    assert local_place.send_part(address, offset, data[offset:]) == 204
    hung.sendall(data[MIB:])
    assert hung.recv(12).endswith(b"409"), "the one who hung is told"
    hung.close()
    assert local_place.submit(address)[0] == 201
    assert local_place.is_whole(data)


@FILES_ONLY
def test_senders_who_fell_silent_keep_no_seat(make_district):
    """One more than there are threads: a network that is lost tells the server nothing."""
    place = Place(make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None, SILENT_SECONDS=1))
    try:
        data = pdf("Report") + os.urandom(MIB)
        addresses = [place.announce(len(data)) for _turn in range(5)]
        hung = [place.begin_part(one, 0, len(data), data[: MIB // 2]) for one in addresses]
        told = hung[0].recv(12)
        assert told[-3:].startswith(b"4"), told
        assert [place.offset(one) for one in addresses] == [MIB // 2] * 5, "it goes on from here"
        for line in hung:
            line.close()
    finally:
        place.portal.end()


@FILES_ONLY
def test_of_many_who_send_the_same_part_each_byte_is_written_once(local_place):
    data = pdf("Report") + os.urandom(MIB) * 4
    address, told = local_place.announce(len(data)), []

    def send():
        told.append(local_place.send_part(address, 0, data))

    threads = [threading.Thread(target=send) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told) <= {204, 409}
    offset = local_place.offset(address)
    if offset < len(data):
        assert local_place.send_part(address, offset, data[offset:]) == 204
    assert local_place.submit(address)[0] == 201
    assert local_place.is_whole(data)


@FILES_ONLY
def test_the_store_that_is_away_keeps_the_file_waiting(make_district, tmp_path):
    away = "s3+http://portal-test:portal-test-secret@127.0.0.1:9/xingping"
    place = Place(make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None, STORAGE_URL=away))
    try:
        data = pdf("Report")
        address = place.announce(len(data))
        assert place.send_part(address, 0, data) == 204
        status, _headers, body = place.submit(address)
        assert (status, bool(json.loads(body)["error"])) == (503, True)
        assert place.offset(address) == len(data)
    finally:
        place.portal.end()


@FILES_ONLY
def test_the_public_client_hears_a_refusal(local_place, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"")
    with pytest.raises(TusCommunicationError):
        local_place.uploader(path).upload()


@pytest.mark.nightly
@FILES_ONLY
def test_one_killed_at_any_step_of_the_promotion_loses_nothing(local_place):
    """SIGKILL at a moment that nobody chose, again and again; then the user simply goes on."""
    data = pdf("Report") + os.urandom(MIB) * 24
    address = local_place.announce(len(data))
    assert local_place.send_part(address, 0, data) == 204
    for wait in (0.0, 0.01, 0.02, 0.04, 0.08):
        thread = threading.Thread(target=quietly, args=(local_place.submit, address))
        thread.start()
        time.sleep(wait)
        for worker in psutil.Process(local_place.portal.pid).children():
            worker.kill()
        thread.join()
        eventually(lambda: local_place.portal.request("GET", "/sign-in")[0])
        if rows(local_place.app, PaperVersion):
            break
        assert local_place.offset(address) == len(data)
    else:
        assert local_place.submit(address)[0] == 201
    (version,) = rows(local_place.app, PaperVersion)
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    with local_place.app.app_context():
        from app.store import object_store

        object_store().check(version.store_key)


def quietly(call, *arguments):
    try:
        call(*arguments)
    except (OSError, http.client.HTTPException):
        return
