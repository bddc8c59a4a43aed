"""Blobs as files in a folder: the embedded default, for one machine and its backup."""

import contextlib
import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from storage import Damaged, Found, NotStored, Stored, StoreUnavailable, compare, key_of, sha256_of
from storage.digests import Digests
from storage.folders import flush_folder
from storage.reader import Reader, part
from storage.spool import Spool

READ_ONLY = 0o444


class LocalStore:
    """A spool in `tmp/` is flushed and linked to `blobs/ab/cd/<sha256>`, read-only, for good.

    A name appears with all its bytes or not at all, whenever the process or the power fails: the
    link comes after the bytes are on the disk, and the answer after the link is.
    """

    def __init__(self, root: Path, *, spool_folder: Path | None = None) -> None:
        self._blobs = root / "blobs"
        self._tmp = root / "tmp"
        self._spool_folder = spool_folder or self._tmp
        self._lasting: set[Path] = set()  # folders whose own names are on the disk
        with contextlib.suppress(OSError):  # where it can't be written, the first use says so
            for folder in (self._blobs, self._tmp):
                folder.mkdir(parents=True, exist_ok=True)

    def spool(self, *, limit: int) -> Spool:
        """A spool beside the blobs, so that it is linked and not copied."""
        return Spool(self._spool_folder, limit=limit, digests=Digests.SHA256)

    def put(self, spool: Spool, *, key: str | None = None) -> Stored:
        """Keep the spool's bytes for good; a second time only renews `kept_at`."""
        stored = spool.named(key)
        with self._in_words(stored.key):
            path = self._path(stored.key)
            if not self._is_renewed(path, stored.size):
                self._link(spool, path)
            flush_folder(path.parent)
        return stored

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """Read the file from `start`."""
        with self._in_words(key):
            file = self._path(key).open("rb", buffering=0)
        try:
            total = os.fstat(file.fileno()).st_size
            size = part(total, start, length)
            file.seek(start)
        except BaseException:
            file.close()
            raise
        return Reader(file, size=size, total=total)

    def open_near(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """Read the file from `start`: nothing is nearer."""
        return self.open(key, start=start, length=length)

    def forget_near(self, key: str) -> None:
        """There are no copies beside the blobs."""

    def stat(self, key: str) -> Found:
        """Size and last put, from the folder."""
        with self._in_words(key):
            seen = self._path(key).stat()
        return Found(key, seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC))

    def size(self, key: str) -> int:
        """How many bytes a blob has."""
        return self.stat(key).size

    def exists(self, key: str) -> bool:
        """Whether the file is there; a store that is away is an error, not an absence."""
        try:
            self.stat(key)
        except NotStored:
            return False
        return True

    def keys(self) -> Iterator[str]:
        """Every key, in order, two folders at a time in memory."""
        with self._in_words("keys"):
            for outer in _names(self._blobs):
                for inner in _names(self._blobs / outer):
                    yield from map(key_of, _names(self._blobs / outer / inner))

    def check(self, key: str) -> None:
        """Read the file and compare it with its name."""
        with self.open(key) as reader:
            compare(key, reader)

    def discard(self, key: str) -> None:
        """Remove an orphan; see the protocol for who may."""
        with self._in_words(key):
            self._path(key).unlink()

    def ping(self) -> None:
        """The folder is there and can be written."""
        if not os.access(self._blobs, os.W_OK | os.X_OK):
            raise StoreUnavailable(f"no folder to write: {self._blobs}")

    def _path(self, key: str) -> Path:
        sha256 = sha256_of(key)
        return self._blobs / sha256[:2] / sha256[2:4] / sha256

    def _is_renewed(self, path: Path, size: int) -> bool:
        """Whether the blob is there already; if so, its age begins anew."""
        try:
            os.utime(path)
            there = path.stat().st_size
        except FileNotFoundError:
            return False
        if there != size:
            raise Damaged(f"{path} has {there} bytes and had {size}")
        return True

    def _link(self, spool: Spool, path: Path) -> None:
        """Give the flushed bytes their name, unless another process was faster."""
        self._make_lasting(path.parent)
        spool.path.chmod(READ_ONLY)
        spool.settle()
        try:
            os.link(spool.path, path)
        except FileExistsError:
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._link_copy(spool, path)

    def _link_copy(self, spool: Spool, path: Path) -> None:
        """The spool lies on another disk: copy it to this one first."""
        received = spool.received
        with self._near(received.size) as near, spool.open() as source:
            if near.receive(source).sha256 != received.sha256:
                raise Damaged(str(spool.path))
            self._link(near, path)

    def _near(self, limit: int) -> Spool:
        return Spool(self._tmp, limit=limit, digests=Digests.SHA256)

    def _make_lasting(self, folder: Path) -> None:
        """Make `ab/cd` and flush the names of both, once for a process."""
        for made in (folder.parent, folder):
            if made not in self._lasting:
                made.mkdir(exist_ok=True)
                flush_folder(made.parent)
                self._lasting.add(made)

    @contextlib.contextmanager
    def _in_words(self, key: str) -> Iterator[None]:
        """Say what the system refuses in the store's words."""
        try:
            yield
        except FileNotFoundError as error:
            if self._blobs.is_dir():
                raise NotStored(key) from error
            raise StoreUnavailable(f"no folder {self._blobs}") from error
        except OSError as error:
            raise StoreUnavailable(str(error)) from error


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in os.scandir(folder))
