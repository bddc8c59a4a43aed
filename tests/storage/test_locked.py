"""A bucket with Object Lock: the server itself refuses, and the handshake notices one that doesn't."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from minio.error import S3Error

from storage import StoreError, StoreOptions, open_store
from storage.handshake import PREFIX, Step, shake
from storage.s3_locked import LockedStore, _time_of
from tests.storage.uploads import bytes_of, keep, read

YEAR = timedelta(days=365)


def until(years=10):
    return datetime.now(UTC).replace(microsecond=0) + years * YEAR


def versions_of(store, key):
    return [one for one in store.versions(key) if one.key == key]


def retained(store, data=None, years=10):
    key = keep(store, data or bytes_of(20)).key
    version = store.lock_of(key).version
    store.retain(key, version, until(years))
    return key, version


def test_the_store_itself_refuses_to_delete_what_is_retained(locked, s3_server):
    data = bytes_of(100)
    key, version = retained(locked, data)
    with pytest.raises(StoreError, match="AccessDenied"):
        locked.remove_version(key, version)
    with pytest.raises(S3Error):
        s3_server.client().remove_object(locked._place.bucket, key, version_id=version)
    with pytest.raises(StoreError):
        locked.discard(key)
    assert read(locked, key) == data


def test_the_headers_tell_mode_end_and_hold(locked):
    key, version = retained(locked)
    lock = locked.lock_of(key)
    assert (lock.version, lock.mode, lock.binds, lock.is_held) == (
        version, "COMPLIANCE", True, False,
    )  # fmt: skip
    assert abs(lock.until - until()) < timedelta(seconds=5)
    fresh = keep(locked, bytes_of(9)).key
    assert not locked.lock_of(fresh).binds


def test_a_retention_is_lengthened_and_never_shortened(locked):
    key, version = retained(locked)
    with pytest.raises(StoreError, match="AccessDenied"):
        locked.retain(key, version, until(1))
    locked.retain(key, version, until(99))
    assert locked.lock_of(key).until > until(98)


def test_a_legal_hold_has_no_end_until_it_is_taken_off(locked):
    key = keep(locked, bytes_of(9)).key
    version = locked.lock_of(key).version
    locked.hold(key, version)
    assert locked.lock_of(key).is_held
    with pytest.raises(StoreError, match="AccessDenied"):
        locked.remove_version(key, version)
    locked.release(key, version)
    assert not locked.lock_of(key).binds
    locked.discard(key)
    assert not locked.exists(key)


def test_overwriting_and_deleting_leave_the_old_version(locked, s3_server):
    data = bytes_of(100)
    key, version = retained(locked, data)
    client, bucket = s3_server.client(), locked._place.bucket
    client.put_object(bucket, key, BytesIO(b"another"), 7)
    client.remove_object(bucket, key)
    assert not locked.exists(key)
    assert locked.read(key, version) == data
    lines = [(one.version, one.is_latest, one.is_marker) for one in versions_of(locked, key)]
    assert len(lines) == 3
    assert (version, False, False) in lines
    assert [is_marker for _v, is_latest, is_marker in lines if is_latest] == [True]


def test_sending_the_same_bytes_again_adds_no_version(locked, monkeypatch):
    monkeypatch.setattr("storage.s3.YOUNG", timedelta(0))
    archived, fresh = bytes_of(20), bytes_of(20)
    key, version = retained(locked, archived)
    keep(locked, archived)
    assert [one.version for one in versions_of(locked, key)] == [version], "it needs no renewal"
    first = keep(locked, fresh).key
    before = locked.lock_of(first).version
    keep(locked, fresh)
    [left] = versions_of(locked, first)
    assert left.version != before, "another one is renewed without a trace"
    assert read(locked, first) == fresh


def test_an_orphan_goes_with_all_its_versions(locked, s3_server):
    key = keep(locked, bytes_of(6)).key
    s3_server.client().put_object(locked._place.bucket, key, BytesIO(b"orphan"), 6)
    assert len(versions_of(locked, key)) == 2
    locked.discard(key)
    assert versions_of(locked, key) == []


def test_the_handshake_holds_where_the_server_locks(locked):
    proof = shake(locked)
    assert not proof.said, proof.said
    assert proof.ok
    left = [one.key for one in locked.versions(PREFIX)]
    assert len(left) == len(set(left)), "a probe is locked for a day, what came after it is gone"
    assert list(locked.versions()) == [one for one in locked.versions() if "sha256/" in one.key]
    assert shake(locked).ok


def test_a_bucket_without_lock_is_found_out(s3, s3_server, tmp_path):
    keep(s3, b"the bucket was made without a lock")
    store = open_store(s3_server.url, StoreOptions(spool_folder=tmp_path, locks=True))
    proof = shake(store)
    assert not proof.ok
    assert {Step.BUCKET, Step.MODE, Step.DELETION} <= set(proof.failed)
    assert Step.DIGEST not in proof.failed


class Pretender(LockedStore):
    """A server that answers success to everything and locks nothing."""

    def retain(self, key, version, until):
        self.pretended = until

    def lock_of(self, key, version=None):
        lock = super().lock_of(key, version)
        return replace(lock, mode="COMPLIANCE", until=getattr(self, "pretended", None))

    def locks(self):
        return True


def test_a_server_that_only_pretends_is_found_out(locked, tmp_path):
    store = Pretender(locked._place, spool_folder=tmp_path)
    assert shake(store).failed[0] is Step.DELETION


class Yielding(LockedStore):
    """A server that says no to the deletion, and deletes."""

    def remove_version(self, key, version):
        self.release(key, version)
        if not self.lock_of(key, version).binds:
            super().remove_version(key, version)
        raise StoreError("AccessDenied")

    def retain(self, key, version, until):
        """Tell of a lock without setting one."""


def test_a_refusal_that_deletes_counts_for_nothing(locked, tmp_path):
    assert Step.DELETION in shake(Yielding(locked._place, spool_folder=tmp_path)).failed


@pytest.mark.parametrize(
    "text", ["2030-01-02T03:04:05Z", "2030-01-02T03:04:05.1Z", "2030-01-02T03:04:05.123456789Z"]
)
def test_times_with_nanoseconds_are_read(text):
    assert _time_of(text) == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_folder_can_not_lock(tmp_path):
    with pytest.raises(ValueError, match="can't lock"):
        open_store(f"file://{tmp_path}", StoreOptions(locks=True))
