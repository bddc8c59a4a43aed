"""The way in: any stream, counted and hashed as it passes."""

import io
import os
import time
from base64 import b64encode
from hashlib import md5, sha256

import pytest

from storage import StoreUnavailable
from storage import spool as spools
from storage.digests import Digests
from storage.spool import CutShort, EmptyUpload, Spool, TooLarge, sweep
from tests.storage.uploads import LIMIT, MIB, bytes_of, left_in


class Socket(io.RawIOBase):
    """A body that arrives in small pieces, as a network gives it."""

    def __init__(self, data, step):
        self.source, self.step = io.BytesIO(data), step

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.source.readinto(memoryview(buffer)[: self.step])


class ReadOnly:
    """A body without readinto, as some servers hand it over."""

    def __init__(self, data):
        self.read = io.BytesIO(data).read


SOURCES = {
    "a file": io.BytesIO,
    "a socket": lambda data: Socket(data, 65_521),
    "a reader": ReadOnly,
    "large pieces": lambda data: iter([data[: 3 * MIB], data[3 * MIB :]]),
    "small pieces": lambda data: (data[n : n + 9973] for n in range(0, len(data), 9973)),
    "with empty pieces": lambda data: [b"", data, b""],
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("size", [1, MIB, 7 * MIB + 1])
def test_every_source_gives_the_same_bytes(tmp_path, source, size):
    data = bytes_of(size)
    with Spool(tmp_path, limit=size) as spool:
        received = spool.receive(SOURCES[source](data))
        assert spool.open().read() == data
    assert received.size == size
    assert received.sha256 == sha256(data).hexdigest()
    assert received.md5 == md5(data).digest()
    assert received.content_md5 == b64encode(md5(data).digest()).decode()
    assert received.checksum_sha256 == b64encode(sha256(data).digest()).decode()
    assert left_in(tmp_path) == []


def test_the_md5_is_taken_only_where_it_is_needed(tmp_path):
    with Spool(tmp_path, limit=10, digests=Digests.SHA256) as spool:
        assert spool.receive(io.BytesIO(b"x")).content_md5 is None


def test_no_more_is_read_than_was_announced(tmp_path):
    source = io.BytesIO(b"the report" + b"the next request")
    with Spool(tmp_path, limit=10) as spool:
        assert spool.receive(source, expected=10).size == 10
    assert source.read() == b"the next request"


def test_an_announced_size_over_the_limit_is_refused_unread(tmp_path):
    source = io.BytesIO(b"x" * 100)
    with Spool(tmp_path, limit=10) as spool, pytest.raises(TooLarge):
        spool.receive(source, expected=11)
    assert source.tell() == 0


def test_of_a_long_stream_only_a_byte_over_the_limit_is_read(tmp_path):
    endless = iter(lambda: b"x" * MIB, None)
    with Spool(tmp_path, limit=3 * MIB) as spool, pytest.raises(TooLarge):
        spool.receive(endless)
    assert left_in(tmp_path) == []


def test_a_gathered_file_is_taken_over(tmp_path):
    data, gathered = bytes_of(3 * MIB), tmp_path / "gathered"
    gathered.write_bytes(data)
    with Spool(tmp_path, limit=LIMIT) as spool:
        assert spool.adopt(gathered, expected=len(data)).sha256 == sha256(data).hexdigest()
        assert spool.path == gathered
    assert not gathered.exists()


@pytest.mark.parametrize(
    ("error", "data", "changes"),
    [
        (CutShort, b"four", {"expected": 5}),
        (CutShort, b"four", {"expected": 3}),
        (EmptyUpload, b"", {}),
        (TooLarge, b"x" * 11, {}),
    ],
)
def test_a_gathered_file_that_is_refused_is_gone(tmp_path, error, data, changes):
    gathered = tmp_path / "gathered"
    gathered.write_bytes(data)
    with Spool(tmp_path, limit=10) as spool, pytest.raises(error):
        spool.adopt(gathered, **changes)
    assert left_in(tmp_path) == []


def test_a_spool_serves_again(tmp_path):
    with Spool(tmp_path, limit=10) as spool:
        spool.receive([b"first"])
        spool.receive([b"second"])
        assert spool.open().read() == b"second"
        assert len(left_in(tmp_path)) == 1
    with pytest.raises(RuntimeError, match="nothing"):
        _ = spool.received


def test_leftovers_of_killed_processes_are_swept_when_old(tmp_path):
    other = tmp_path / "report.pdf"
    other.write_bytes(b"not ours")
    old, young = Spool(tmp_path, limit=10), Spool(tmp_path, limit=10)
    for spool in (old, young):
        spool.receive([b"x"])
    day_ago = time.time() - 86400
    os.utime(old.path, (day_ago, day_ago))
    os.utime(other, (day_ago, day_ago))

    assert sweep(tmp_path, older_than=3600) == 1
    assert sorted(left_in(tmp_path)) == sorted([other, young.path])


def test_a_full_disk_is_a_store_that_is_away():
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(StoreUnavailable):
        spools._write(full, memoryview(b"x"))
