"""The folder: names that appear whole, files that never change."""

import os
import stat
from pathlib import Path

import pytest

from storage import Damaged, StoreUnavailable
from storage.local import LocalStore
from tests.storage.uploads import bytes_of, keep, left_in, read


def the_file(tmp_path):
    [path] = left_in(tmp_path / "store" / "blobs")
    return path


def test_a_blob_is_linked_not_copied(local, tmp_path):
    with local.spool(limit=100) as spool:
        spool.receive([b"the ", b"report"])
        inode = spool.path.stat().st_ino
        local.put(spool)
    assert the_file(tmp_path).stat().st_ino == inode


def test_a_blob_is_read_only_and_never_replaced(local, tmp_path):
    data = bytes_of(100)
    stored = keep(local, data)
    path = the_file(tmp_path)
    before = path.stat()

    keep(local, data)

    assert stat.S_IMODE(before.st_mode) == 0o444
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_nlink == 1
    assert path.relative_to(tmp_path / "store") == Path(
        "blobs", stored.sha256[:2], stored.sha256[2:4], stored.sha256
    )


def test_a_spool_on_another_disk_is_copied(tmp_path):
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs two disks")
    spools = shared / f"xingping-test-{os.getpid()}"
    store = LocalStore(tmp_path / "store", spool_folder=spools)
    data = bytes_of(3_000_000)
    try:
        stored = keep(store, data)
        assert left_in(spools) == []
    finally:
        spools.rmdir()
    assert read(store, stored.key) == data
    assert left_in(tmp_path / "store" / "tmp") == []


def test_a_shortened_blob_is_damaged_and_not_a_shorter_file(local, tmp_path):
    data = bytes_of(100)
    stored = keep(local, data)
    with local.open(stored.key) as reader:
        os.truncate(the_file(tmp_path), 50)
        with pytest.raises(Damaged, match="50 of 100"):
            reader.read()
    with pytest.raises(Damaged):
        keep(local, data)


def test_a_store_that_is_away_is_not_an_empty_store(local, tmp_path):
    stored = keep(local, b"the report")
    (tmp_path / "store").rename(tmp_path / "unmounted")
    for ask in (
        local.ping,
        lambda: local.open(stored.key),
        lambda: local.exists(stored.key),
        lambda: list(local.keys()),
        lambda: keep(local, b"another"),
    ):
        with pytest.raises(StoreUnavailable):
            ask()
    (tmp_path / "unmounted").rename(tmp_path / "store")
    local.ping()
    assert local.exists(stored.key)
