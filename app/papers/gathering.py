"""The file of an upload in parts, in quarantine: how far it is, and how a part is added to it."""

import contextlib
import fcntl
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.errors import ChangedOnTheWay, CutShort, Unavailable
from app.papers.tus import OtherOffset, Part
from storage import StoreUnavailable
from storage.spool import PREFIX, SUFFIX, fill, fillable, no_room_is_unavailable

log = logging.getLogger(__name__)
PIECE = 256 * 1024  # at most so much is lost when the connection is cut
ENDING = ".part"
READ_ONLY = 0o400


class Gathering:
    """The bytes of one upload so far. How many there are is told by the file, never by a row.

    Every piece is written under a lock and only at the file's end: of two senders of the same
    part one goes on and the other is told, and a connection that hangs keeps nobody out.
    """

    def __init__(self, folder: Path, upload_id: str) -> None:
        self.path = folder / f"{upload_id}{ENDING}"

    @property
    def size(self) -> int:
        """How many bytes there are."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def add(self, source: IO[bytes], part: Part) -> int:
        """Add a part as it arrives, and tell the new size when its bytes are on the disk.

        What arrived before a cut is kept, unless the part has a checksum: then all of it counts,
        or nothing.
        """
        if self._is_closed:
            raise OtherOffset
        self.path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with open(number, "r+b", buffering=0), no_room_is_unavailable():
                end = _added_or_cut(number, source, part)
                os.fsync(number)
        except StoreUnavailable as error:
            log.error("no part can be added to %s: %s", self.path, error)
            raise Unavailable from error
        return end

    @contextmanager
    def lent(self, length: int) -> Iterator[Path]:
        """A second name of the whole file for the spool, which removes it; the first one stays.

        The store may keep these very bytes under a third name, so nothing is added to them or cut
        from them any more. A process that is killed leaves the name to the sweeper of spools.
        """
        self._close(length)
        name = self.path.with_name(f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}")
        os.link(self.path, name)
        os.utime(name)  # the sweeper of spools goes by age
        try:
            yield name
        finally:
            name.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the bytes; twice is once."""
        self.path.unlink(missing_ok=True)

    @property
    def _is_closed(self) -> bool:
        try:
            return _closed(self.path.stat())
        except FileNotFoundError:
            return False

    def _close(self, length: int) -> None:
        """Keep every sender out, also one who opened the file long ago and hangs since."""
        with self.path.open("rb") as file, _locked(file.fileno()):
            if os.fstat(file.fileno()).st_size != length:
                raise CutShort
            os.fchmod(file.fileno(), READ_ONLY)


def _added_or_cut(number: int, source: IO[bytes], part: Part) -> int:
    """Write the part; one with a checksum leaves nothing behind when it fails."""
    try:
        return _added(number, source, part)
    except OtherOffset:
        raise  # what stands there is another sender's
    except BaseException:
        if part.checksum:
            _cut(number, part.offset)
        raise


def _added(number: int, source: IO[bytes], part: Part) -> int:
    """Write the part piece by piece at the end of the file."""
    at, end = part.offset, part.offset + part.length
    digest = part.checksum.begun() if part.checksum else None
    stream, buffer = fillable(source), memoryview(bytearray(PIECE))
    _append(number, at, buffer[:0])  # before the first piece is waited for
    while at < end and (filled := fill(stream, buffer[: end - at])):
        piece = buffer[:filled]
        _append(number, at, piece)
        at += filled
        if digest:
            digest.update(piece)
    if part.checksum and digest and digest.digest() != part.checksum.digest:
        raise ChangedOnTheWay
    return at


def _append(number: int, at: int, rest: memoryview) -> None:
    """Write a piece if the file ends where it begins and was lent to nobody."""
    with _locked(number):
        seen = os.fstat(number)
        if seen.st_size != at or _closed(seen):
            raise OtherOffset
        while rest:
            written = os.pwrite(number, rest, at)
            at, rest = at + written, rest[written:]


def _cut(number: int, offset: int) -> None:
    """Take back what was written of a part, while nobody built on it."""
    with _locked(number):
        seen = os.fstat(number)
        if seen.st_size > offset and not _closed(seen):
            os.ftruncate(number, offset)


def _closed(seen: os.stat_result) -> bool:
    return not seen.st_mode & stat.S_IWUSR


@contextmanager
def _locked(number: int) -> Iterator[None]:
    fcntl.flock(number, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_UN)
