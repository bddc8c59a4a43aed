"""Uploads over a real connection to a real server, into a real folder and a real bucket."""

import hashlib
import http.client
import json
import os
import re
import socket
import threading
import time
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import psutil
import pytest
from gunicorn.app.base import BaseApplication
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.db import db
from app.papers.models import PaperVersion
from app.serving import limit_silence
from tests import servers
from tests.factories import PASSWORD, make_engagement
from tests.papers.filing import CHINESE_NAME, crew_of, pdf

MIB = 1 << 20


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    with servers.seaweedfs(tmp_path_factory.mktemp("weed")) as server:
        yield server


class Portal:
    """One worker of the production server in a process of its own, and a signed-in sender."""

    def __init__(self, app, login):
        self.app = app
        self.host, self.port = "127.0.0.1", free_port()
        self.pid = os.fork()
        if self.pid == 0:
            serve(app, self.port)
        self.cookie, self.token = self._sign_in(login)

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, self._headers(headers))
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def upload(self, path, data, **fields):
        return self.request("POST", path, data, **self.upload_headers(fields))

    def upload_headers(self, fields):
        return {
            "Content-Type": "application/octet-stream",
            "X-CSRFToken": self.token,
            "X-File-Name": quote(CHINESE_NAME, safe=""),
            "X-Upload-Fields": quote(json.dumps(fields)),
            "X-Requested-With": "fetch",
        }

    def cut_off(self, path, data, *, announced, **fields):
        """Send a part of what was announced and hang up."""
        head = {**self._headers(self.upload_headers(fields)), "Content-Length": announced}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        with socket.create_connection((self.host, self.port), timeout=10) as line:
            text = f"POST {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{lines}\r\n"
            line.sendall(text.encode() + data)

    def peak(self):
        """The most memory that the worker ever had, in bytes."""
        (worker,) = psutil.Process(self.pid).children()
        told = Path(f"/proc/{worker.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) * 1024

    def kill(self):
        """End the whole server at once, as a power cut does."""
        workers = psutil.Process(self.pid).children()
        for process in (psutil.Process(self.pid), *workers):
            process.kill()
        os.waitpid(self.pid, 0)
        psutil.wait_procs(workers, timeout=10)

    def start_again(self):
        """The same server at the same address."""
        self.pid = os.fork()
        if self.pid == 0:
            serve(self.app, self.port)

    def end(self):
        os.kill(self.pid, 15)
        os.waitpid(self.pid, 0)

    def _headers(self, more):
        return {"Cookie": getattr(self, "cookie", ""), **more}

    def _sign_in(self, login):
        status, headers, body = self._patiently("GET", "/sign-in")
        token, cookie = token_in(body), headers["Set-Cookie"].partition(";")[0]
        form = urlencode({"login": login, "password": PASSWORD, "csrf_token": token})
        status, headers, _body = self.request(
            "POST", "/sign-in", form,
            **{"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert status == 302
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        _status, headers, body = self.request("GET", "/papers")
        return headers["Set-Cookie"].partition(";")[0], token_in(body)

    def _patiently(self, method, path):
        for _turn in range(100):
            try:
                return self.request(method, path)
            except ConnectionError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")


def token_in(body):
    return re.search(rb'name="csrf_token" value="([^"]+)"', body)[1].decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(app, port):
    """Run gunicorn until it is told to stop; the process never comes back to pytest."""

    class Server(BaseApplication):
        def load_config(self):
            told = {"bind": f"127.0.0.1:{port}", "threads": 4, "worker_class": "gthread",
                    "loglevel": "critical", "control_socket_disable": True, "post_fork": fresh,
                    "when_ready": partial(limit_silence, seconds=app.config["SILENT_SECONDS"])}  # fmt: skip
            for name, value in told.items():
                self.cfg.set(name, value)

        def load(self):
            return app

    def fresh(_server, _worker):
        with app.app_context():
            db.engine.dispose(close=False)

    try:
        Server().run()
    finally:
        os._exit(0)


@pytest.fixture(params=["local", "s3"])
def storage(request):
    if request.param == "local":
        return {}
    return {"STORAGE_URL": request.getfixturevalue("s3_server").url}


@pytest.fixture
def place(make_district, storage):
    """A portal on a local or an S3 store, with one engagement and its signed-in lead evaluator."""
    app = make_district(
        WTF_CSRF_ENABLED=True, SERVER_NAME=None, MAX_UPLOAD_BYTES=96 * MIB, **storage
    )
    with app.app_context():
        engagement = make_engagement()
        lead = crew_of(engagement)[0]
        told = {
            "login": lead.login,
            "engagement": engagement.id,
            "stage": engagement.current_stage.id,
        }
        db.session.remove()
        db.engine.dispose()
    portal = Portal(app, told["login"])
    fields = {
        "index_no": "G-B21",
        "title": "评分底稿",
        "unclassified": "y",
        "stage": str(told["stage"]),
    }
    yield portal, f"/engagements/{told['engagement']}/papers/uploads", fields
    portal.end()


def spools(app):
    root = Path(str(app.config["XINGPING_VAR"]))
    return [path for path in root.rglob("*.spool") if path.is_file()]


def rows(app, model):
    with app.app_context():
        return db.session.scalars(select(model)).all()


def test_sixty_megabytes_come_back_byte_for_byte_without_filling_the_memory(place):
    portal, url, fields = place
    data = pdf("Report") + os.urandom(1 << 20) * 60
    before = portal.peak()
    status, _headers, body = portal.upload(url, data, **fields)
    assert status == 201, body
    page = json.loads(body)["location"]
    (version,) = rows(portal.app, PaperVersion)
    assert (version.sha256, version.size) == (hashlib.sha256(data).hexdigest(), len(data))
    status, headers, back = portal.request("GET", f"{page}/versions/1/file")
    assert status == 200
    assert back == data
    name = headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    assert unquote(name) == CHINESE_NAME
    assert portal.peak() - before < 40 * MIB
    assert spools(portal.app) == []


def test_a_connection_cut_in_the_middle_leaves_nothing_but_a_line_in_the_log(place):
    portal, url, fields = place
    data = pdf("Report") + os.urandom(3 * MIB)
    portal.cut_off(url, data, announced=len(data) * 4, **fields)
    assert eventually(lambda: refusals(portal.app)), "the log tells of it"
    assert '"refusal":"cut_short"' in refusals(portal.app)[0].canonical
    assert rows(portal.app, PaperVersion) == []
    assert spools(portal.app) == []
    assert portal.upload(url, data, **fields)[0] == 201, "and the next attempt succeeds"


def test_a_refused_sender_hears_why_though_still_sending(place):
    portal, url, fields = place
    for data in (bytes(5 * MIB), pdf("x") + bytes(100 * MIB)):
        status, _headers, body = portal.upload(url, data, **fields)
        assert status in {413, 422}
        assert json.loads(body)["error"]
    status, _headers, body = portal.upload(url, bytes(5 * MIB), **{**fields, "index_no": "K-1"})
    assert (status, bool(json.loads(body)["error"])) == (422, True)
    portal.token = "wrong"
    status, _headers, body = portal.upload(url, bytes(50 * MIB), **fields)
    assert (status, bool(json.loads(body)["error"])) == (400, True)
    assert spools(portal.app) == []


def test_of_two_senders_of_one_number_one_is_told_that_it_is_taken(place):
    portal, url, fields = place
    told = []

    def send(n):
        told.append(portal.upload(url, pdf(f"Report {n}"), **fields)[0])

    threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count(201) == 1, told
    assert set(told) <= {201, 409, 422}
    assert len(rows(portal.app, PaperVersion)) == 1


def refusals(app):
    return [one for one in rows(app, AuditEvent) if one.event == "paper.upload_refused"]


def eventually(ask):
    for _turn in range(100):
        if ask():
            return True
        time.sleep(0.1)
    return False
