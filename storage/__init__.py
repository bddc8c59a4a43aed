"""The object-store door: what a store promises, what can go wrong, what an address means.

A blob is named by its content (`sha256/<ab>/<hex>`), the same in every store, so a record can move
from one store to another unchanged. Who may read a blob is decided on the record that names it,
never on the key. Nothing here knows app/ or the web.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from storage.near import NearCopies
    from storage.reader import Reader
    from storage.spool import Spool

CHUNK = 1 << 20
_KEY = re.compile(r"sha256/([0-9a-f]{2})/\1[0-9a-f]{62}")
_BUCKET = re.compile(r"/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/?")


class StoreError(Exception):
    """The store refused, or answered what it must not; trying again does not help."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or has no room; the same call may succeed later."""


class NotStored(StoreError):
    """There is no blob under this key."""


class Damaged(StoreError):
    """The bytes are not those that the key names, here or on their way."""


class Withheld(StoreError):
    """These bytes may not be read or kept by anybody: they were reported, or are destroyed."""


@dataclass(frozen=True)
class Stored:
    """What a row keeps of a blob."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Found:
    """What the store knows of a blob without reading it."""

    key: str
    size: int
    kept_at: datetime


class ObjectStore(Protocol):
    """A place for blobs that are written once and never replaced."""

    def spool(self, *, limit: int) -> "Spool":
        """A spool for one upload of at most `limit` bytes, with the digests this store needs."""

    def put(self, spool: "Spool", *, key: str | None = None) -> Stored:
        """Keep the spool's bytes. When this returns they survive a power cut. Twice is once.

        `key` is for sealed bytes alone, which are kept under the key of what they hold.
        """

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> "Reader":
        """Read a blob from byte `start`, as far as `length` or its end; ValueError beyond it."""

    def open_near(self, key: str, *, start: int = 0, length: int | None = None) -> "Reader":
        """The same for a reader who needn't know that the store itself has it: a copy will do."""

    def forget_near(self, key: str) -> None:
        """Drop this machine's copy of a blob, if it made one."""

    def stat(self, key: str) -> Found:
        """The size of a blob, and since when it is kept."""

    def size(self, key: str) -> int:
        """How many bytes a blob has."""

    def exists(self, key: str) -> bool:
        """Whether there is a blob under this key."""

    def keys(self) -> Iterator[str]:
        """Every key, in order; for comparing the store with the records."""

    def check(self, key: str) -> None:
        """Read the whole blob and compare it with its key; Damaged when they differ."""

    def discard(self, key: str) -> None:
        """Remove an orphan. Only for the sweeper, of a blob no record names, a day after `kept_at`.

        A put of the same bytes renews `kept_at`, so a day protects an upload whose row is still
        to be written. What a record names is never removed.
        """

    def ping(self) -> None:
        """Raise StoreUnavailable within seconds if the store does not answer."""


@dataclass(frozen=True)
class StoreOptions:
    """What an address does not say. Secrets given here win over those in the address."""

    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    region: str = "us-east-1"
    spool_folder: Path | None = None  # None: the local store's own, or the system's
    locks: bool = False  # the bucket keeps every version, and locks what it is told to
    near_folder: Path | None = None  # for copies of what lies on another machine; None: no copies
    near_bytes: int = 0  # the room of the copies


_PLAIN = StoreOptions()


def open_store(url: str, options: StoreOptions = _PLAIN) -> ObjectStore:
    """The store that `file:///folder`, or `s3+http[s]://access:secret@host:port/bucket`, means."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc == "" and len(parts.path) > 1:
        if options.locks:
            raise ValueError("a folder can't lock: Object Lock needs an S3 server")
        from storage.local import LocalStore

        return LocalStore(Path(unquote(parts.path)), spool_folder=options.spool_folder)
    if parts.scheme in ("s3+http", "s3+https") and parts.hostname and _BUCKET.fullmatch(parts.path):
        from storage.s3 import S3Store  # late: the SDK costs 0.2 s and 15 MB
        from storage.s3_line import S3Place
        from storage.s3_locked import LockedStore

        kind = LockedStore if options.locks else S3Store
        return kind(
            S3Place.of(parts, options), spool_folder=options.spool_folder, near=_near(options)
        )
    raise ValueError(f"not an object store: {parts.scheme}://… (file:///folder or s3+https://…)")


def _near(options: StoreOptions) -> "NearCopies | None":
    from storage.near import BOOT, NearCopies

    if options.near_folder is None or not options.near_bytes or not BOOT.exists():
        return None
    return NearCopies(options.near_folder, room=options.near_bytes)


def key_of(sha256: str) -> str:
    """The key of the blob with this hash."""
    return checked(f"sha256/{sha256[:2]}/{sha256}")


def sha256_of(key: str) -> str:
    """The hash that a key names."""
    return checked(key)[-64:]


def checked(key: str) -> str:
    """The key itself if it has the form of one; so no key can name a path outside the store."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key of this store: {key!r}")
    return key


def compare(key: str, chunks: Iterable[bytes]) -> None:
    """Damaged unless the chunks together have the hash that the key names."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    if digest.hexdigest() != sha256_of(key):
        raise Damaged(key)
