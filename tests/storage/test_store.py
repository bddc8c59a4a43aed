"""What every store promises, asked of both."""

import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest

from storage import Damaged, NotStored, StoreError, key_of
from storage.spool import CutShort, EmptyUpload, TooLarge
from tests.storage.uploads import MIB, bytes_of, keep, left_in, read

NOTHING = key_of("0" * 64)


@pytest.mark.parametrize("size", [1, MIB - 1, MIB, MIB + 1, 9 * MIB + 7])
def test_what_comes_out_is_what_went_in(store, size):
    data = bytes_of(size)

    stored = keep(store, data, expected=size)

    assert read(store, stored.key) == data
    assert stored.key == key_of(sha256(data).hexdigest())
    assert (stored.sha256, stored.size) == (sha256(data).hexdigest(), size)
    assert store.size(stored.key) == size
    assert store.exists(stored.key)
    store.check(stored.key)


def test_a_blob_is_read_in_chunks(store):
    data = bytes_of(3 * MIB + 5)
    key = keep(store, data).key

    with store.open(key) as reader:
        chunks = list(reader)

    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= MIB


@pytest.mark.parametrize(
    ("start", "length"), [(0, 1), (5, 10), (100, None), (999, 1), (990, 500), (0, None)]
)
def test_a_part_of_a_blob(store, start, length):
    data = bytes_of(1000)
    key = keep(store, data).key
    wanted = data[start:] if length is None else data[start : start + length]

    with store.open(key, start=start, length=length) as reader:
        assert (reader.size, reader.total) == (len(wanted), 1000)
        assert reader.read() == wanted
        assert reader.read() == b""


@pytest.mark.parametrize(("start", "length"), [(1000, None), (-1, 5), (0, 0), (5, -1)])
def test_no_part_beyond_the_blob(store, start, length):
    key = keep(store, bytes_of(1000)).key
    with pytest.raises(ValueError, match="part"):
        store.open(key, start=start, length=length)


def test_the_same_bytes_are_kept_once(store):
    data = bytes_of(2000)
    first = keep(store, data)
    before = set(store.keys())

    assert keep(store, data) == first
    assert set(store.keys()) == before


def test_many_at_once_are_kept_once(store):
    data, results = bytes_of(2 * MIB), []
    threads = [threading.Thread(target=lambda: results.append(keep(store, data))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 8
    assert len(set(results)) == 1
    store.check(results[0].key)


def test_keys_are_listed_in_order(store):
    kept = {keep(store, bytes_of(10)).key for _ in range(5)}

    listed = list(store.keys())

    assert kept <= set(listed)
    assert listed == sorted(set(listed))


def test_age_is_told(store):
    key = keep(store, bytes_of(10)).key
    found = store.stat(key)
    assert (found.key, found.size) == (key, 10)
    assert abs(datetime.now(UTC) - found.kept_at) < timedelta(seconds=30)


@pytest.mark.parametrize("ask", ["open", "size", "stat", "check", "discard"])
def test_what_was_never_kept_is_not_stored(store, ask):
    keep(store, b"so that there is a bucket")
    with pytest.raises(NotStored):
        getattr(store, ask)(NOTHING)
    assert not store.exists(NOTHING)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 64, key_of("0" * 64) + "/", "污水"])
@pytest.mark.parametrize("ask", ["open", "size", "exists", "check", "discard"])
def test_a_key_of_another_form_is_refused(store, ask, key):
    with pytest.raises(ValueError, match="not a key"):
        getattr(store, ask)(key)


def test_an_orphan_can_be_discarded(store):
    key = keep(store, bytes_of(10)).key
    store.discard(key)
    assert not store.exists(key)
    assert key not in set(store.keys())


class Broken:
    def __iter__(self):
        yield bytes_of(3 * MIB)
        raise ConnectionResetError("the visitor closed the page")


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (CutShort, {"expected": 5 * MIB}),
        (CutShort, {"expected": 4 * MIB + 1}),
        (TooLarge, {"limit": 4 * MIB - 1}),
        (TooLarge, {"limit": 1}),
        (TooLarge, {"limit": 4 * MIB, "expected": 4 * MIB + 1}),
        (ConnectionResetError, {"source": Broken()}),
    ],
)
def test_a_refused_upload_leaves_nothing(store, tmp_path, error, changes):
    before = set(store.keys())
    with pytest.raises(error):
        keep(store, bytes_of(4 * MIB), **changes)
    assert set(store.keys()) == before
    assert left_in(tmp_path) == []


def test_an_empty_upload_is_refused(store, tmp_path):
    with pytest.raises(EmptyUpload):
        keep(store, b"")
    with pytest.raises(EmptyUpload):
        keep(store, b"more than announced", expected=0)
    assert left_in(tmp_path / "spools") == []


def test_a_kept_upload_leaves_no_spool(store, tmp_path):
    keep(store, bytes_of(10))
    assert left_in(tmp_path / "spools") == []


def test_another_put_renews_the_age_that_a_sweeper_sees(local, s3, monkeypatch):
    monkeypatch.setattr("storage.s3.YOUNG", timedelta(0))
    for store in (local, s3):
        data = bytes_of(10)
        key = keep(store, data).key
        before = store.stat(key).kept_at
        time.sleep(1.1)  # S3 tells whole seconds
        keep(store, data)
        assert store.stat(key).kept_at > before
        store.check(key)


def test_a_damaged_blob_is_found(local, s3, s3_server, tmp_path):
    key = keep(local, b"the report").key
    [path] = left_in(tmp_path / "store" / "blobs")
    path.chmod(0o644)
    path.write_bytes(b"the rep0rt")
    with pytest.raises(Damaged):
        local.check(key)

    key = keep(s3, b"the report").key
    s3_server.client().put_object("xingping", key, BytesIO(b"the rep0rt"), 10)
    with pytest.raises(Damaged):
        s3.check(key)
    s3.discard(key)


def test_errors_are_one_family():
    assert issubclass(NotStored, StoreError)
    assert issubclass(Damaged, StoreError)
