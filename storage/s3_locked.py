"""A bucket with Object Lock: every version is kept, and what is locked nobody deletes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from minio.commonconfig import COMPLIANCE
from minio.datatypes import Object
from minio.error import S3Error
from minio.retention import Retention
from minio.time import from_iso8601utc
from urllib3._collections import HTTPHeaderDict

from storage import NotStored, StoreError, sha256_of
from storage.digests import Digests, Received, digests_of
from storage.s3 import PROBE, S3Store
from storage.s3_line import in_words, refusal

MODE = "x-amz-object-lock-mode"
UNTIL = "x-amz-object-lock-retain-until-date"
HOLD = "x-amz-object-lock-legal-hold"
BLOBS = "sha256/"
_NO_LOCK = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"}


@dataclass(frozen=True)
class Lock:
    """How one version is locked, as the server's own headers tell."""

    version: str
    mode: str
    until: datetime | None
    is_held: bool

    @property
    def binds(self) -> bool:
        """Whether the server has to refuse the version's deletion now."""
        lasting = self.until is not None and self.until > datetime.now(UTC)
        return self.is_held or (self.mode == COMPLIANCE and lasting)


@dataclass(frozen=True)
class Version:
    """One line of the bucket's list of versions."""

    key: str
    version: str
    size: int
    kept_at: datetime
    is_latest: bool
    is_marker: bool  # what a deletion without a version leaves behind: it hides those below it


class LockedStore(S3Store):
    """The same bucket, versioned; locks are set on versions, and are read from HEAD alone."""

    def lock_of(self, key: str, version: str | None = None) -> Lock:
        """How a version, or else the newest, is locked."""
        with in_words(key):
            seen = self._client().stat_object(self._place.bucket, key, version_id=version)
        return _lock_in(seen)

    def retain(self, key: str, version: str, until: datetime) -> None:
        """Lock a version until then; COMPLIANCE can be lengthened and never shortened."""
        with in_words(key):
            self._client().set_object_retention(
                self._place.bucket, key, Retention(COMPLIANCE, until), version_id=version
            )

    def hold(self, key: str, version: str) -> None:
        """Put a version under legal hold, which has no end."""
        with in_words(key):
            self._client().enable_object_legal_hold(self._place.bucket, key, version_id=version)

    def release(self, key: str, version: str) -> None:
        """Take the legal hold off; the retention stays."""
        with in_words(key):
            self._client().disable_object_legal_hold(self._place.bucket, key, version_id=version)

    def versions(self, prefix: str = BLOBS) -> Iterator[Version]:
        """Every version and every delete marker, key by key, in order."""
        with in_words("versions"):
            self._meet()
            listed = self._client().list_objects(
                self._place.bucket, prefix=prefix, recursive=True, include_version=True
            )
            for entry in listed:
                yield _version_in(entry)

    def remove_version(self, key: str, version: str) -> None:
        """Delete one version for good; StoreError where it is locked."""
        with in_words(key):
            self._client().remove_object(self._place.bucket, key, version_id=version)

    def write(self, key: str, data: bytes, received: Received | None = None) -> str:
        """Put a few bytes that are no blob and tell their version; `received` may tell lies."""
        with in_words(key):
            self._meet()  # some servers make a bucket at its first object, without a lock
            said = received or digests_of(data, Digests.SHA256 | Digests.MD5)
            reply = self._send(key, BytesIO(data), said)
        if reply.status != 200:
            raise refusal(reply, key)
        return reply.headers.get("x-amz-version-id", "")

    def read(self, key: str, version: str) -> bytes:
        """All the bytes of one version."""
        with in_words(key):
            reply = self._client().get_object(self._place.bucket, key, version_id=version)
            try:
                return reply.data
            finally:
                reply.close()
                reply.release_conn()

    def locks(self) -> bool:
        """Whether the bucket says of itself that it has Object Lock."""
        with in_words("bucket"):
            self._meet()
            try:
                self._client().get_object_lock_config(self._place.bucket)
            except S3Error as error:
                if error.code in _NO_LOCK:
                    return False
                raise
        return True

    def discard(self, key: str) -> None:
        """Remove every version of an orphan; see the protocol for who may."""
        sha256_of(key)
        self.forget_near(key)
        found = [one for one in self.versions(key) if one.key == key]
        if not any(one.is_latest and not one.is_marker for one in found):
            raise NotStored(key)
        for one in found:
            self.remove_version(key, one.version)

    def _renew(self, key: str) -> None:
        """A locked blob needs no renewal, a record names it; of another, one version is enough."""
        lock = self.lock_of(key)
        if lock.binds:
            return
        super()._renew(key)
        with suppress(NotStored, S3Error):  # another upload of the same bytes was faster
            self._client().remove_object(self._place.bucket, key, version_id=lock.version)

    def _make_bucket(self) -> None:
        """Make the bucket with its lock if need be: one that exists gets none any more."""
        client, bucket = self._client(), self._place.bucket
        try:
            if not client.bucket_exists(bucket):
                client.make_bucket(bucket, object_lock=True)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise

    def _forget_probe(self) -> None:
        for one in self._client().list_objects(
            self._place.bucket, prefix=PROBE, include_version=True
        ):
            if one.object_name == PROBE:
                self._client().remove_object(self._place.bucket, PROBE, version_id=one.version_id)


def _lock_in(seen: Object) -> Lock:
    """The lock in the headers: the SDK's own question fails on some servers' nanoseconds."""
    told = seen.metadata or HTTPHeaderDict()
    until = told.get(UNTIL)
    return Lock(
        version=seen.version_id or "",
        mode=told.get(MODE, ""),
        until=_time_of(until) if until else None,
        is_held=told.get(HOLD, "") == "ON",
    )


def _time_of(text: str) -> datetime:
    """The time of a header, whatever its fraction of a second."""
    whole, _mark, _fraction = text.rstrip("Z").partition(".")
    found = from_iso8601utc(f"{whole}Z")
    if found is None:
        raise StoreError(f"not a time: {text}")
    return found


def _version_in(entry: Object) -> Version:
    return Version(
        key=entry.object_name or "",
        version=entry.version_id or "",
        size=entry.size or 0,
        kept_at=entry.last_modified or datetime.now(UTC),
        is_latest=str(entry.is_latest).lower() == "true",
        is_marker=bool(entry.is_delete_marker),
    )
