"""Copies of what came in lately, on this machine's own disk, where the store is another's.

A paper is read most in the hour after it came: previewed, scanned, compared, opened by whoever
was told of it. Its spool becomes a copy by one link, so nothing is written twice. A copy is never
the record: what proves that the store holds a file (`open`, `check`) doesn't look here.

Copies are dropped when they take more than their room, an hour or a little more after their last
reading, when the blob is discarded or withheld, and when the machine starts again: what a power
cut left of them is not trusted.
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
SPARE = 64 << 20  # bytes of the disk that stay free of copies beside what an upload may need


class NearCopies:
    """The copies of one machine in a folder, which all its processes share.

    They take at most `room` bytes, and are dropped when nobody read them for so many `seconds`.
    """

    def __init__(self, folder: Path, *, room: int, seconds: float = 3600) -> None:
        self._root, self._room, self._seconds = folder, room, seconds
        self._folder = folder / BOOT.read_text().strip()
        self._janitor = threading.Lock()
        self._forget_earlier_boots()

    def keep(self, key: str, spool: Spool) -> None:
        """Link the spool as the copy of this blob; a copy that can't be made is only missed."""
        if not 0 < spool.received.size <= self._room:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            spool.path.chmod(READ_ONLY)
            with contextlib.suppress(FileExistsError):
                os.link(spool.path, self._path(key))
        except OSError as error:  # another disk, no room: the store has it
            log.warning("no near copy of %s: %s", key, error)
            return
        self.tidy()
        self._tidy_later()

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Reader | None:
        """Read the copy from `start`; None where there is none."""
        path = self._path(key)
        try:
            file = path.open("rb", buffering=0)
        except OSError:
            return None
        try:
            os.utime(path)  # read lately: it stays
            return _reader(file, start, length)
        except FileNotFoundError:  # dropped meanwhile
            file.close()
            return None
        except BaseException:
            file.close()
            raise

    def forget(self, key: str) -> None:
        """Drop the copy of a blob that nobody shall read here any more."""
        self._path(key).unlink(missing_ok=True)

    def make_room(self, wanted: int) -> None:
        """Drop copies, the longest unread first, while the disk lacks so many bytes."""
        for _read_at, path, _size in self._by_age():
            if _free(self._folder) >= wanted + SPARE:
                return
            path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Drop what was unread for too long, and the longest unread beyond the room."""
        oldest = time.time() - self._seconds
        left = self._room
        for read_at, path, size in reversed(list(self._by_age())):
            left -= size
            if read_at < oldest or left < 0:
                path.unlink(missing_ok=True)

    def _tidy_later(self) -> None:
        """Let a thread tidy as long as there are copies, also where no more come."""
        if self._janitor.acquire(blocking=False):
            timer = threading.Timer(self._seconds / 4, self._wake)
            timer.daemon = True
            timer.start()

    def _wake(self) -> None:
        self._janitor.release()
        self.tidy()
        if any(self._by_age()):
            self._tidy_later()

    def _by_age(self) -> Iterator[tuple[float, Path, int]]:
        """When each copy was read last, where it lies, its size; the longest unread first."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    seen = path.stat()
                    found.append((seen.st_mtime, path, seen.st_size))
        yield from sorted(found)

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


def _free(folder: Path) -> int:
    seen = os.statvfs(folder)
    return seen.f_bavail * seen.f_frsize
