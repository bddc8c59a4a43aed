"""The bucket: one PUT that the server checks, and a server that goes away."""

import os
import socket
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from typing import ClassVar

import pytest

from storage import Damaged, StoreError, StoreOptions, StoreUnavailable, open_store
from storage.digests import Digests
from storage.spool import Spool
from tests import servers
from tests.storage.uploads import MIB, bytes_of, keep, read

SOON = 10  # seconds in which a page has to say that the store is away


def elsewhere(port, **changes):
    return open_store(f"s3+http://portal:secret@127.0.0.1:{port}/xingping", StoreOptions(**changes))


@pytest.mark.parametrize("digests", [Digests.SHA256, Digests.SHA256 | Digests.MD5])
def test_a_body_changed_on_its_way_is_refused(s3, tmp_path, digests):
    before = set(s3.keys())
    with Spool(tmp_path, limit=4 * MIB, digests=digests) as spool:
        spool.receive(BytesIO(bytes_of(3 * MIB)))
        with spool.path.open("r+b") as file:
            file.seek(MIB)
            file.write(b"changed")
        with pytest.raises(Damaged):
            s3.put(spool)
    assert set(s3.keys()) == before


class Careless(BaseHTTPRequestHandler):
    """A server that takes every body for good."""

    seen: ClassVar = []

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, dict(self.headers)))
        self.send_response(404 if self.command == "HEAD" and "sha256" in self.path else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *_):
        pass


def test_a_server_that_ignores_the_sha256_gets_the_md5_as_well():
    with HTTPServer(("127.0.0.1", 0), Careless) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        keep(elsewhere(server.server_port), b"the report")
        server.shutdown()
        thread.join()
    commands = [(command, path) for command, path, _ in Careless.seen]
    assert ("DELETE", "/xingping/probe") in commands
    assert Careless.seen[-1][2]["Content-MD5"] == b64encode(md5(b"the report").digest()).decode()


def test_a_server_that_compares_the_sha256_needs_no_md5(s3):
    assert s3.spool(limit=1).digests == Digests.SHA256


def test_many_who_meet_a_new_bucket_at_once_learn_the_same(s3_server, tmp_path):
    address = s3_server.url.replace("/xingping", "/met-at-once")
    store = open_store(address, StoreOptions(spool_folder=tmp_path))
    with ThreadPoolExecutor(8) as pool:
        spools = list(pool.map(lambda _n: store.spool(limit=1), range(8)))
    assert {spool.digests for spool in spools} == {Digests.SHA256}


def test_a_kept_blob_is_not_sent_again(s3, monkeypatch):
    data = bytes_of(100)
    first = keep(s3, data)
    monkeypatch.setattr(s3, "_send_spool", lambda *_: pytest.fail("sent again"))
    assert keep(s3, data) == first


def test_a_blob_of_another_size_is_sent_again(s3, s3_server):
    data = bytes_of(100)
    key = keep(s3, data).key
    s3_server.client().put_object("xingping", key, BytesIO(b"half"), 4)
    assert keep(s3, data).key == key
    assert read(s3, key) == data


def test_the_sdk_reads_what_we_sent(s3, s3_server):
    data = bytes_of(2 * MIB)
    key = keep(s3, data).key
    reply = s3_server.client().get_object("xingping", key)
    assert reply.read() == data
    reply.close()
    reply.release_conn()


def test_a_reader_left_early_gives_its_connection_back(s3):
    key = keep(s3, bytes_of(8 * MIB)).key
    for _ in range(40):  # more than there are connections
        with s3.open(key) as reader:
            assert len(reader.read(10)) == 10
    s3.check(key)


def test_a_child_has_a_line_of_its_own(s3):
    key = keep(s3, b"the report of the parent").key
    parent = s3._line
    child = os.fork()
    if child == 0:
        own = s3.exists(key) and s3._line is not parent and s3._line.process == os.getpid()
        os._exit(0 if own else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert s3.exists(key)
    assert s3._line is parent


def test_a_wrong_secret_is_an_error_and_not_a_closed_shop(s3_server):
    store = open_store(s3_server.url, StoreOptions(secret_key="wrong"))
    for ask in (store.ping, lambda: list(store.keys()), lambda: keep(store, b"x")):
        with pytest.raises(StoreError) as caught:
            ask()
        assert not isinstance(caught.value, StoreUnavailable)


def test_a_server_that_is_not_there_is_told_soon():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        assert_away(elsewhere(taken.getsockname()[1]), soon=2)


@pytest.mark.nightly
def test_a_server_behind_a_silent_wall_is_told_soon():
    with socket.socket() as wall, socket.socket() as first, socket.socket() as second:
        wall.bind(("127.0.0.1", 0))
        wall.listen(0)
        for filler in (first, second):  # the queue is full: further calls get no answer
            filler.setblocking(False)
            filler.connect_ex(wall.getsockname())
        time.sleep(0.1)
        store = elsewhere(wall.getsockname()[1])
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable):
            keep(store, b"x")
        assert 2 < time.monotonic() - begun < SOON


def test_a_server_that_dies_is_told_at_once(tmp_path):
    with servers.seaweedfs(tmp_path) as server:
        store = open_store(server.url)
        store.ping()
        key = keep(store, bytes_of(32 * MIB)).key
        with store.open(key) as reader:
            reader.read(10)
            server.process.kill()
            server.process.wait()
            with pytest.raises(StoreUnavailable):
                reader.read()
        assert_away(store, soon=2)


def assert_away(store, *, soon):
    for ask in (
        store.ping,
        lambda: store.exists("sha256/00/" + "0" * 64),
        lambda: store.open("sha256/00/" + "0" * 64),
        lambda: list(store.keys()),
        lambda: keep(store, b"x"),
    ):
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable):
            ask()
        assert time.monotonic() - begun < soon


def test_an_https_address_is_asked_over_tls():
    store = open_store("s3+https://store.example/xingping", StoreOptions("portal", "secret"))
    assert store._place.secure
    assert store._place.endpoint == "store.example"
