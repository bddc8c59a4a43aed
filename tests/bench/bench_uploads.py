"""What an upload costs over a real connection to the production server, beside the store alone.

Each figure has both sides of one run on one machine. Run: python -m tests.bench bench_uploads
"""

import gc
import hashlib
import http.client
import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import urllib3
from minio import Minio

from app import create_app, serving
from app.db import db
from app.papers.models import PaperVersion
from storage import ObjectStore, StoreOptions, open_store
from tests import servers
from tests.bench.bench_store import disk_floor
from tests.conftest import make_settings, migrate
from tests.factories import make_engagement
from tests.papers.filing import crew_of, pdf
from tests.papers.test_servers import MIB, Portal, free_port, rows
from tests.papers.test_tus_servers import Place

LARGE, MIDDLE, PARALLEL = 200 * MIB, 20 * MIB, 8
PARALLEL_ROUNDS = 2  # of eight times 200 MB
PART = 16 * MIB  # as static/parts.js sends them
ROUNDS = 5
BEST_PEER, ITS_SHA_RATE = 0.14, 1.7e9  # seconds for 20 MB where SHA-256 runs at so many bytes/s


class Production(Portal):
    """The server as it is installed: several workers, many threads."""

    def __init__(self, app, login):
        self.app = app
        self.host, self.port = "127.0.0.1", free_port()
        gc.collect()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                serving.serve(app, self.host, self.port)
            finally:
                os._exit(0)
        self.cookie, self.token = self._sign_in(login)

    def peak(self):
        """The most memory that any worker ever had, in bytes."""
        found = []
        for worker in psutil.Process(self.pid).children():
            told = Path(f"/proc/{worker.pid}/status").read_text()
            found.append(int(told.partition("VmHWM:")[2].split()[0]) * 1024)
        return max(found)


class Sender(Place):
    """A signed-in sender who numbers papers as they come."""

    def __init__(self, app):
        self.app, self.count = app, 0
        with app.app_context():
            engagement = make_engagement()
            login, self.engagement = crew_of(engagement)[0].login, engagement.id
            self.stage = engagement.current_stage.id
            db.session.remove()
            db.engine.dispose()
        self.portal = Production(app, login)
        self.url = f"http://{self.portal.host}:{self.portal.port}"

    def send(self, data: bytes) -> float:
        """The seconds from the first byte of a raw body to its answer."""
        self.count += 1
        fields = {"index_no": f"C-{self.count:03}", "title": "台账", "unclassified": "y",
                  "stage": str(self.stage)}  # fmt: skip
        url, begun = f"/engagements/{self.engagement}/papers/uploads", time.perf_counter()
        status, _headers, body = self.portal.upload(url, data, **fields)
        taken = time.perf_counter() - begun
        if status != 201:
            raise AssertionError(body)
        return taken

    def send_in_parts(self, data: bytes) -> float:
        """The same by tus, and the form after it."""
        begun = time.perf_counter()
        address, view = self.announce(len(data)), memoryview(data)
        for place in range(0, len(data), PART):
            if self.send_part(address, place, bytes(view[place : place + PART])) != 204:
                raise AssertionError("a part was refused")
        self.count += 1
        status, _headers, body = self.submit(address, f"C-{self.count:03}")
        if status != 201:
            raise AssertionError(body)
        return time.perf_counter() - begun

    def take(self, address: str) -> float:
        """The seconds of a download, thrown away as it comes."""
        line = http.client.HTTPConnection(self.portal.host, self.portal.port, timeout=120)
        begun = time.perf_counter()
        line.request("GET", address, headers={"Cookie": self.portal.cookie})
        reply = line.getresponse()
        size = sum(len(piece) for piece in iter(lambda: reply.read(MIB), b""))
        taken = time.perf_counter() - begun
        line.close()
        if size != LARGE:
            raise AssertionError(reply.status)
        return taken


def figures(folder: Path) -> list[dict]:
    """All of them, first over a folder, then over SeaweedFS."""
    with portal(folder / "local") as sender:
        local = open_store(f"file://{folder}/local/own")
        found = [in_parts(sender, local), parallel(sender, local, "a folder"), quick(sender)]
        found += [beside_disk(sender, folder / "floor"), memory(sender)]
    with servers.seaweedfs(folder / "weed") as weed:
        settings = {"STORAGE_URL": weed.url}
        with portal(folder / "s3", **settings) as sender:
            bucket = open_store(weed.url, StoreOptions(spool_folder=folder / "spools"))
            found.append(parallel(sender, bucket, "SeaweedFS"))
            found += against_bare_puts(weed, bucket, folder / "source", sender)
            found += downloads(sender, weed.client(), folder / "s3" / "near")
    return found


@contextmanager
def portal(var: Path, **changes):
    """A portal of its own in a folder, served as in production."""
    var.mkdir(parents=True)
    settings = make_settings(
        var, f"sqlite:///{var}/portal.db", WTF_CSRF_ENABLED=True, SERVER_NAME=None, **changes
    )
    migrate(settings)
    sender = Sender(create_app(settings))
    try:
        yield sender
    finally:
        sender.portal.end()


def fresh(size: int) -> bytes:
    """A PDF of so many bytes that no store has yet."""
    head = pdf(os.urandom(8).hex())
    return head + os.urandom(size - len(head))


def in_parts(sender: Sender, store: ObjectStore) -> dict:
    mine, theirs = in_turns(
        lambda: sender.send_in_parts(fresh(LARGE)), lambda: kept_alone(store, [fresh(LARGE)])
    )
    return {"name": "200 MB by tus over HTTP to a folder, beside the store alone",
            "ratio": mine / theirs, "ours": mine, "reference": theirs, "unit": "s"}  # fmt: skip


def parallel(sender: Sender, store: ObjectStore, where: str) -> dict:
    """Eight senders at once, beside the store given the same bytes by eight threads."""

    def ours() -> float:
        datas = [fresh(LARGE) for _ in range(PARALLEL)]
        begun = time.perf_counter()
        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(sender.send, datas))
        return time.perf_counter() - begun

    alone = lambda: kept_alone(store, [fresh(LARGE) for _ in range(PARALLEL)])  # noqa: E731
    mine, theirs = in_turns(ours, alone, PARALLEL_ROUNDS)
    return {"name": f"8 uploads of 200 MB at once to {where}, beside the store's own time",
            "ratio": mine / theirs, "ours": mine, "reference": theirs, "unit": "s",
            "ceiling": 1.3}  # fmt: skip


def quick(sender: Sender) -> dict:
    """20 MB answered, beside the best peer's time on a machine with this SHA-256."""
    mine = min(sender.send(fresh(MIDDLE)) for _ in range(9))
    theirs = BEST_PEER * ITS_SHA_RATE / sha_rate()
    return {"name": "20 MB to a folder over HTTP, beside the best peer at this SHA-256 rate",
            "ratio": mine / theirs, "ours": mine, "reference": theirs, "unit": "s",
            "ceiling": 1.0}  # fmt: skip


def beside_disk(sender: Sender, folder: Path) -> dict:
    """A raw body answered, beside the least that its disk costs: write, SHA-256, flush."""
    folder.mkdir()
    source = folder / "source"
    source.write_bytes(fresh(LARGE))
    mine, theirs = in_turns(lambda: sender.send(fresh(LARGE)), lambda: disk_floor(source, folder))
    return {"name": "200 MB to a folder over HTTP, beside file write, SHA-256 and flush",
            "ratio": theirs / mine, "ours": mine, "reference": theirs, "unit": "s",
            "floor": 0.8}  # fmt: skip


def memory(sender: Sender) -> dict:
    """What 200 MB add to the most that a worker ever held."""
    for _ in range(4):
        sender.send(fresh(MIB))
    idle = sender.portal.peak()
    for _ in range(2):
        sender.send(fresh(LARGE))
        sender.send_in_parts(fresh(LARGE))
    grown = max(0.1, (sender.portal.peak() - idle) / MIB)
    return {"name": "memory that uploads of 200 MB add to a worker, beside 64 MB",
            "ratio": grown / 64, "ours": grown, "reference": 64, "unit": "MB",
            "ceiling": 1.0}  # fmt: skip


def against_bare_puts(
    weed: servers.S3Server, bucket: ObjectStore, source: Path, sender: Sender
) -> list[dict]:
    """Keeping 200 MB as a view does, beside one signed PUT and beside the SDK's put_object.

    Last the whole way from a sender to the answer, in which nothing is sent to the server before
    the file is whole and judged: the SDK's file lies on the disk already.
    """
    http_line = urllib3.PoolManager(retries=False)
    client = weed.client()

    def bare() -> float:
        data = fresh(LARGE)
        url = client.get_presigned_url("PUT", servers.BUCKET, "bare")
        begun = time.perf_counter()
        reply = http_line.request("PUT", url, body=data)
        taken = time.perf_counter() - begun
        if reply.status != 200:
            raise AssertionError(reply.data)
        return taken

    def sdk() -> float:
        source.write_bytes(fresh(LARGE))
        begun = time.perf_counter()
        with source.open("rb") as file:
            client.put_object(servers.BUCKET, "sdk", file, LARGE)
        return time.perf_counter() - begun

    kept, sent = lambda: kept_alone(bucket, [fresh(LARGE)]), lambda: sender.send(fresh(LARGE))
    found = []
    for name, ours, reference, floor in (
        ("kept in SeaweedFS, beside one bare signed PUT", kept, bare, 0.3),
        ("kept in SeaweedFS, beside the SDK's put_object from a file", kept, sdk, 0.8),
        ("to SeaweedFS over HTTP, beside the SDK's put_object from a file", sent, sdk, 0.5),
    ):
        mine, theirs = in_turns(ours, reference)
        found.append(
            {"name": f"200 MB {name}", "ratio": theirs / mine,
             "ours": mine, "reference": theirs, "unit": "s", "floor": floor}
        )  # fmt: skip
    return found


def downloads(sender: Sender, client: Minio, near: Path) -> list[dict]:
    """The same blob over the portal, and straight from the server by the SDK.

    First as a paper is read that came in within the hour, then as it is read a day later, when
    the portal has no copy. On two cores SeaweedFS, the portal and the reader then share what the
    server alone keeps busy: a bare loop of receive and send comes to .69-.90 there.
    """
    sender.send(fresh(LARGE))
    version = rows(sender.app, PaperVersion)[-1]
    address = f"/papers/{version.paper_id}/versions/1/file"

    def straight() -> float:
        begun = time.perf_counter()
        reply = client.get_object(servers.BUCKET, version.store_key)
        size = sum(len(piece) for piece in reply.stream(MIB))
        taken = time.perf_counter() - begun
        reply.close()
        reply.release_conn()
        if size != LARGE:
            raise AssertionError(size)
        return taken

    def from_afar() -> float:
        for copy in near.rglob("*"):
            if copy.is_file():
                copy.unlink()
        return sender.take(address)

    found = []
    for name, ours, floor in (
        ("200 MB read over the portal on SeaweedFS", lambda: sender.take(address), 0.8),
        ("the same without the portal's near copy", from_afar, 0.5),
    ):
        mine, theirs = in_turns(ours, straight)
        found.append(
            {"name": f"{name}, beside get_object", "ratio": theirs / mine, "ours": mine,
             "reference": theirs, "unit": "s", "floor": floor}
        )  # fmt: skip
    return found


def kept_alone(store: ObjectStore, datas: list[bytes]) -> float:
    """The store's own time for these bytes, each by a thread of its own."""

    def keep(data: bytes) -> str:
        with store.spool(limit=len(data)) as spool:
            spool.receive(io.BytesIO(data), expected=len(data))
            return store.put(spool).key

    begun = time.perf_counter()
    with ThreadPoolExecutor(len(datas)) as pool:
        keys = list(pool.map(keep, datas))
    taken = time.perf_counter() - begun
    for key in keys:
        store.discard(key)
    return taken


def in_turns(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float]:
    """The best of several turns, who goes first changing: other work of a machine only adds."""
    times: list[tuple[float, float]] = []
    for turn in range(rounds + 1):
        pair = {}
        for name, call in sorted({"a": ours, "b": theirs}.items(), reverse=turn % 2 == 0):
            os.sync()
            pair[name] = call()
        times.append((pair["a"], pair["b"]))
    mine, other = (min(column) for column in zip(*times[1:], strict=True))
    return mine, other


def sha_rate() -> float:
    """Bytes a second that this machine hashes, at its best of several tries."""
    block, best = os.urandom(MIB), 0.0
    for _ in range(5):
        digest, begun = hashlib.sha256(), time.perf_counter()
        for _turn in range(64):
            digest.update(block)
        best = max(best, 64 * MIB / (time.perf_counter() - begun))
    return best
