"""Copies of what came in lately, on this machine's own disk, where the store is another's.

A paper is read most in the hour after it came: previewed, scanned, compared, opened by whoever
was told of it. Its spool becomes a copy by one link, so nothing is written twice. A copy is never
the record: what proves that the store holds a file (`open`, `check`) doesn't look here.

Copies are dropped when they take more than their room, an hour or a little more after their last
reading, when the blob is discarded or withheld, and when the machine starts again: what a power
cut left of them is not trusted. Whatever fails here costs speed alone: the store has every file.
"""

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from storage import sha256_of
from storage.reader import Reader, part
from storage.spool import Spool

log = logging.getLogger(__name__)

BOOT = Path("/proc/sys/kernel/random/boot_id")
READ_ONLY = 0o400
SLACK = 64  # a process looks at all copies when it added this part of their room
SPARE = 64 << 20  # bytes of the disk that stay free of copies beside what an upload may need


class NearCopies:
    """The copies of one machine in a folder, which all its processes share.

    They take hardly more than `room` bytes, leave as many of the disk free, and are dropped when
    nobody read them for so many `seconds`.
    """

    def __init__(self, folder: Path, *, room: int, seconds: float = 3600) -> None:
        self._root, self._room, self._seconds = folder, room, seconds
        self._folder = folder / BOOT.read_text().strip()
        self._grown = 0  # bytes that came since this process tidied last
        self._tidies_in = 0  # the process whose thread will tidy: threads don't survive a fork
        self._forget_earlier_boots()

    def keep(self, key: str, spool: Spool) -> None:
        """Link the spool as the copy of this blob; a copy that can't be made is only missed."""
        if not 0 < spool.received.size <= self._room:
            return
        try:
            self._link(spool.path, self._path(key))
        except OSError as error:  # another disk, no room: the store has it
            log.warning("no near copy of %s: %s", key, error)
            return
        self._grown += spool.received.size
        if self._grown > self._room // SLACK:
            self.tidy()
        self.make_room(self._room)  # what arrives in parts asks nobody
        self._tidy_later()

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Reader | None:
        """Read the copy from `start`; None where there is none."""
        path = self._path(key)
        try:
            file = path.open("rb", buffering=0)
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # read lately: it stays, unless it was dropped meanwhile
        self._tidy_later()
        try:
            return _reader(file, start, length)
        except BaseException:
            file.close()
            raise

    def forget(self, key: str) -> None:
        """Drop the copy of a blob that nobody shall read here any more."""
        _drop(self._path(key))

    def make_room(self, wanted: int) -> None:
        """Drop copies, the longest unread first, while the disk lacks so many bytes."""
        if not self._folder.is_dir() or self._has_free(wanted):
            return
        for _read_at, path, _size in self._by_age():
            _drop(path)
            if self._has_free(wanted):
                return

    def tidy(self) -> None:
        """Drop what was unread for too long, and the longest unread beyond the room."""
        self._grown = 0
        oldest = time.time() - self._seconds
        left = self._room
        for read_at, path, size in reversed(list(self._by_age())):
            left -= size
            if read_at < oldest or left < 0:
                _drop(path)

    def _link(self, spool: Path, copy: Path) -> None:
        """Give the spool's bytes the copy's name, in place of what another process kept."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        spool.chmod(READ_ONLY)
        os.utime(spool)  # what came in slowly counts as new
        copy.unlink(missing_ok=True)
        with contextlib.suppress(FileExistsError):
            os.link(spool, copy)

    def _tidy_later(self) -> None:
        """Let a thread tidy as long as there are copies, also where no more come."""
        if self._tidies_in != os.getpid():
            self._tidies_in = os.getpid()
            timer = threading.Timer(self._seconds / 4, self._wake)
            timer.daemon = True
            timer.start()

    def _wake(self) -> None:
        self._tidies_in = 0
        self.tidy()
        if any(self._by_age()):
            self._tidy_later()

    def _by_age(self) -> Iterator[tuple[float, Path, int]]:
        """When each copy was read last, where it lies, its size; the longest unread first."""
        found = []
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    seen = path.stat()
                    found.append((seen.st_mtime, path, seen.st_size))
        yield from sorted(found)

    def _has_free(self, wanted: int) -> bool:
        return _free(self._folder) >= wanted + SPARE

    def _forget_earlier_boots(self) -> None:
        with contextlib.suppress(OSError):
            for folder in self._root.iterdir():
                if folder != self._folder:
                    shutil.rmtree(folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return self._folder / sha256_of(key)


def _reader(file: FileIO, start: int, length: int | None) -> Reader:
    total = os.fstat(file.fileno()).st_size
    size = part(total, start, length)
    file.seek(start)
    return Reader(file, size=size, total=total)


def _drop(copy: Path) -> None:
    """Remove a copy; one that can't be is nobody's either: the register is asked before it."""
    try:
        copy.unlink(missing_ok=True)
    except OSError as error:
        log.error("a near copy stays: %s: %s", copy, error)


def _free(folder: Path) -> int:
    seen = os.statvfs(folder)
    return seen.f_bavail * seen.f_frsize
