"""The file of an upload in parts, in quarantine: how far it is, and how a part is added to it."""

import contextlib
import fcntl
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.errors import ChangedOnTheWay, Unavailable
from app.papers.tus import OtherOffset, Part
from storage import StoreUnavailable
from storage.spool import PREFIX, SUFFIX, fill, fillable, no_room_is_unavailable

log = logging.getLogger(__name__)
PIECE = 256 * 1024  # at most so much is lost when the connection is cut
ENDING = ".part"


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
    def lent(self) -> Iterator[Path]:
        """A second name of the file for the spool, which removes it; the first one stays.

        A process that is killed leaves the name to the sweeper of spools.
        """
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
    """Write a piece if the file ends where it begins."""
    with _locked(number):
        if os.fstat(number).st_size != at:
            raise OtherOffset
        while rest:
            written = os.pwrite(number, rest, at)
            at, rest = at + written, rest[written:]


def _cut(number: int, offset: int) -> None:
    """Take back what was written of a part."""
    with _locked(number):
        if os.fstat(number).st_size > offset:
            os.ftruncate(number, offset)


@contextmanager
def _locked(number: int) -> Iterator[None]:
    fcntl.flock(number, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_UN)
