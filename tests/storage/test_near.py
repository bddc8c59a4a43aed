"""Copies on this machine of what came in lately: true, bounded, short-lived, never the record."""

import os
import time

import pytest

from storage import CHUNK, NotStored, StoreOptions, key_of, open_store
from storage.near import BOOT, SPARE, NearCopies
from storage.sealed import SealedStore
from storage.spool import Spool
from tests import servers
from tests.storage.uploads import bytes_of, keep, left_in, read


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "near"


@pytest.fixture
def s3(s3_server, tmp_path, folder):
    options = StoreOptions(spool_folder=tmp_path / "spools", near_folder=folder, near_bytes=1 << 30)
    return open_store(s3_server.url, options)


def near(store, key, **span):
    with store.open_near(key, **span) as reader:
        return reader.read()


def kept(copies, data, age=0):
    """A copy of these bytes that was read so many seconds ago; its key."""
    with Spool(copies._root.parent / "spools", limit=len(data)) as spool:
        spool.receive([data])
        key = key_of(spool.received.sha256)
        copies.keep(key, spool)
    path = copies._path(key)
    if path.exists():
        os.utime(path, (time.time() - age,) * 2)
    return key


def test_what_came_in_is_read_from_here_whole_or_in_part(s3, s3_server, folder):
    data = bytes_of(3 * CHUNK + 11)
    key = keep(s3, data).key
    s3_server.client().remove_object(servers.BUCKET, key)  # so that only the copy can answer
    assert near(s3, key) == data
    assert near(s3, key, start=CHUNK, length=99) == data[CHUNK : CHUNK + 99]
    with pytest.raises(ValueError, match="no part"):
        s3.open_near(key, start=len(data))
    [copy] = left_in(folder)
    assert copy.stat().st_mode & 0o777 == 0o400


def test_the_copy_proves_nothing_of_the_store(s3, s3_server):
    key = keep(s3, bytes_of(1000)).key
    s3_server.client().remove_object(servers.BUCKET, key)
    for proof in (s3.check, s3.open, s3.stat):
        with pytest.raises(NotStored):
            proof(key)


def test_what_was_never_copied_comes_from_the_store(s3_server, s3, folder, tmp_path):
    data = bytes_of(1000)
    key = keep(open_store(s3_server.url, StoreOptions(spool_folder=tmp_path / "other")), data).key
    assert near(s3, key) == data
    assert left_in(folder) == []


def test_a_discarded_blob_and_a_forgotten_one_leave_no_copy(s3, folder):
    first, second = keep(s3, bytes_of(1000)).key, keep(s3, bytes_of(1000)).key
    s3.forget_near(first)
    s3.discard(second)
    assert left_in(folder) == []
    s3.forget_near(first)  # twice is once


def test_a_sealed_content_lies_sealed_here_too(s3, drawer, folder):
    vault, data = SealedStore(s3, drawer, seals=True), bytes_of(2 * CHUNK + 5)
    stored = keep(vault, data)
    [copy] = left_in(folder)
    assert data[:100] not in copy.read_bytes()
    assert near(vault, stored.key) == data
    assert near(vault, stored.key, start=CHUNK + 3, length=50) == data[CHUNK + 3 : CHUNK + 53]
    vault.forget_near(stored.key)
    assert near(vault, stored.key) == data == read(vault, stored.key)


def test_a_content_that_was_sealed_twice_opens_in_every_part(s3, drawer, folder):
    vault, data = SealedStore(s3, drawer, seals=True), bytes_of(2 * CHUNK)
    key = keep(vault, data).key
    vault.forget_near(key)
    keep(vault, data)  # the store keeps the first, this machine the second
    assert left_in(folder)
    assert near(vault, key) == data
    assert near(vault, key, start=CHUNK + 3) == data[CHUNK + 3 :]


def test_what_the_store_took_last_is_the_copy(s3, drawer, folder):
    """After an old backup of the database the content has a new key: nothing old stays here."""
    data = bytes_of(1000)
    key = keep(SealedStore(s3, drawer, seals=True), data).key
    drawer.keys.clear()
    [old] = left_in(folder)
    aside = folder / "aside"
    os.link(old, aside)
    vault = SealedStore(s3, drawer, seals=True)
    vault.inner.discard(key)
    os.link(aside, old)  # as another machine's folder would still hold it
    keep(vault, data)
    assert near(vault, key) == data


def test_a_locked_bucket_forgets_the_copies_of_orphans_too(s3_server, tmp_path, folder):
    options = StoreOptions(
        spool_folder=tmp_path / "spools", near_folder=folder, near_bytes=1 << 30, locks=True
    )
    store = open_store(s3_server.url.rpartition("/")[0] + "/locked", options)
    key = keep(store, bytes_of(1000)).key
    assert left_in(folder)
    store.discard(key)
    assert left_in(folder) == []


def test_a_folder_that_cannot_be_used_costs_only_speed(s3, folder):
    folder.write_bytes(b"a file stands in the way")
    data = bytes_of(1000)
    key = keep(s3, data).key
    s3.forget_near(key)
    assert near(s3, key) == data


def test_the_longest_unread_goes_when_the_room_is_full(folder):
    copies = NearCopies(folder, room=250)
    old, read_lately = kept(copies, bytes_of(100), age=60), kept(copies, bytes_of(100), age=90)
    with copies.open(read_lately) as reader:
        reader.read(1)
    new = kept(copies, bytes_of(100))
    assert [copies._path(key).exists() for key in (old, read_lately, new)] == [False, True, True]
    too_large = kept(copies, bytes_of(251))
    assert not copies._path(too_large).exists()


def test_a_copy_goes_by_itself_when_nobody_reads_it(folder):
    copies = NearCopies(folder, room=1000, seconds=0.2)
    kept(copies, bytes_of(100))
    for _ in range(100):
        if not left_in(folder):
            return
        time.sleep(0.02)
    pytest.fail("the copy is there for ten times its time")


def test_a_worker_tidies_what_it_keeps_though_its_parent_began_to(folder):
    copies = NearCopies(folder, room=1000, seconds=60)
    kept(copies, bytes_of(100))
    child = os.fork()
    if child == 0:
        copies._seconds = 0.2
        try:
            key = kept(copies, bytes_of(100))
            for _ in range(400):
                if not copies._path(key).exists():
                    os._exit(0)
                time.sleep(0.01)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_copies_give_way_to_an_upload_that_needs_the_disk(folder, monkeypatch):
    copies = NearCopies(folder, room=1000)
    kept(copies, bytes_of(100), age=60)
    newer = kept(copies, bytes_of(100))
    rooms = iter([0, 1 << 40])  # before, and after the first went
    monkeypatch.setattr("storage.near._free", lambda _folder: next(rooms))
    copies.make_room(1 << 20)
    assert [path.name for path in left_in(folder)] == [newer[-64:]]


def test_a_disk_that_is_nearly_full_keeps_no_copies(folder, monkeypatch):
    copies = NearCopies(folder, room=1000)
    kept(copies, bytes_of(100))
    monkeypatch.setattr("storage.near._free", lambda _folder: SPARE + 999)
    kept(copies, bytes_of(100))
    assert left_in(folder) == []


def test_what_an_earlier_run_of_the_machine_left_is_not_trusted(folder):
    before = folder / "00000000-0000-0000-0000-000000000000"
    before.mkdir(parents=True)
    (before / ("a" * 64)).write_bytes(b"half of it")
    NearCopies(folder, room=1000)
    assert not before.exists()
    copies = NearCopies(folder, room=1000)
    key = kept(copies, bytes_of(10))
    again = NearCopies(folder, room=1000)  # another process of the same run
    assert again._path(key).exists()
    assert BOOT.read_text().strip() in str(left_in(folder)[0])
