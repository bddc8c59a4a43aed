"""One upload on its way in: a stream becomes a file on disk, counted and hashed as it passes."""

import contextlib
import errno
import io
import os
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self, runtime_checkable

from storage import CHUNK, Stored, StoreUnavailable, key_of, sha256_of
from storage.digests import Digests, Hashing, Received, wait_for

RING = 4  # buffers: one is filled and written while the others are hashed
PREFIX, SUFFIX = "xingping-", ".spool"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


class UploadRefused(Exception):
    """These bytes are not an upload that can be kept; nothing of them is left."""


class TooLarge(UploadRefused):
    """There are more bytes than the limit allows."""


class EmptyUpload(UploadRefused):
    """There is not one byte."""


class CutShort(UploadRefused):
    """There are not as many bytes as the sender announced."""


@runtime_checkable
class Readable(Protocol):
    """A file-like source, such as the body of a request."""

    def read(self, size: int = -1, /) -> bytes: ...


@runtime_checkable
class Fillable(Protocol):
    """A source that fills a buffer of ours, which saves a copy."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


Source = Fillable | Readable | Iterable[bytes]


class Spool:
    """The file of one upload. Leaving its `with` removes whatever the store has not linked.

    ```
    with store.spool(limit=limit) as spool:
        spool.receive(request.stream, expected=request.content_length)
        stored = store.put(spool)
    ```
    """

    def __init__(
        self, folder: Path, *, limit: int, digests: Digests = Digests.SHA256 | Digests.MD5
    ) -> None:
        self.folder = folder
        self.limit = limit
        self.digests = digests
        self._path: Path | None = None
        self._received: Received | None = None

    @property
    def path(self) -> Path:
        """Where the bytes lie, between `receive` and the end of the `with`."""
        if self._path is None:
            raise RuntimeError("nothing was received into this spool")
        return self._path

    @property
    def received(self) -> Received:
        """Size and hashes of what was received."""
        if self._received is None:
            raise RuntimeError("nothing was received into this spool")
        return self._received

    def receive(self, source: Source, *, expected: int | None = None) -> Received:
        """Write the stream to disk and hash it on the way.

        `expected` is the announced length (Content-Length): no more is read, and fewer bytes are
        CutShort. Without it the stream is read to its end.
        """
        if expected is not None and expected > self.limit:
            raise TooLarge(expected)
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=self.folder, prefix=PREFIX, suffix=SUFFIX)
        self._path = Path(name)
        with self._left_clean(), io.FileIO(number, "wb") as file:
            most = self.limit + 1 if expected is None else expected
            self._received = self._judged(_copy(source, file, most, self.digests), expected)
        return self.received

    def adopt(self, path: Path, *, expected: int | None = None) -> Received:
        """Take over a file gathered elsewhere (a resumed upload): it is hashed, not copied.

        The file belongs to the spool from here on and goes with it.
        """
        self.close()
        self._path = path
        with self._left_clean(), path.open("rb", buffering=0) as file:
            self._received = self._judged(_copy(file, None, self.limit + 1, self.digests), expected)
        return self.received

    def settle(self) -> None:
        """Flush the bytes to the disk, for whoever promises that they survive a power cut."""
        with no_room_is_unavailable(), self.path.open("rb") as file:
            os.fsync(file.fileno())

    def named(self, key: str | None = None) -> Stored:
        """The blob that these bytes become, under their own hash or that of what they seal."""
        name = key_of(self.received.sha256) if key is None else key
        return Stored(name, sha256_of(name), self.received.size)

    def open(self) -> BinaryIO:
        """The received bytes from the start."""
        return self.path.open("rb", buffering=0)

    def close(self) -> None:
        """Remove the file, if there is one; a link that a store made of it stays."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._path = self._received = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _judged(self, received: Received, expected: int | None) -> Received:
        if received.size > self.limit:
            raise TooLarge(received.size)
        if expected is not None and received.size != expected:
            raise CutShort(f"{received.size} of {expected}")
        if received.size == 0:
            raise EmptyUpload
        return received

    @contextlib.contextmanager
    def _left_clean(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def sweep(folder: Path, *, older_than: float) -> int:
    """Remove spools that a killed process left behind, of at least this age in seconds."""
    oldest = time.time() - older_than
    gone = 0
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


@contextlib.contextmanager
def no_room_is_unavailable() -> Iterator[None]:
    """Say a full or failing disk in the store's words."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreUnavailable(os.strerror(error.errno)) from error
        raise


def _copy(source: Source, file: io.FileIO | None, most: int, digests: Digests) -> Received:
    """Pass at most `most` bytes of the source to the file, if any, and to the hashes."""
    stream = fillable(source)
    ring: deque[tuple[memoryview, list[Future[None]]]] = deque()
    with Hashing(digests) as hashing:
        while (room := min(CHUNK, most - hashing.size)) > 0:
            buffer = _free_buffer(ring)
            filled = fill(stream, buffer[:room])
            if filled < room:  # the end, and often all there is
                hashing.feed_last(buffer[:filled])
                _write(file, buffer[:filled])
                break
            ring.append((buffer, hashing.feed(buffer[:room])))
            _write(file, buffer[:room])
        return hashing.finish()


def _free_buffer(ring: deque[tuple[memoryview, list[Future[None]]]]) -> memoryview:
    """A new buffer while there are few, then the oldest as soon as it is hashed."""
    if len(ring) < RING:
        return memoryview(bytearray(CHUNK))
    buffer, hashed = ring.popleft()
    wait_for(hashed)
    return buffer


def fill(stream: Fillable, view: memoryview) -> int:
    """Fill the view as far as the stream goes: a socket gives a little at a time."""
    filled = 0
    while filled < len(view):
        got = stream.readinto(view[filled:])
        if not got:
            break
        filled += got
    return filled


def _write(file: io.FileIO | None, view: memoryview) -> None:
    """Write the whole view: the system may take it in parts."""
    if file is None:
        return
    with no_room_is_unavailable():
        while view:
            view = view[file.write(view) :]


def fillable(source: Source) -> Fillable:
    """Any source as one that fills a buffer."""
    if isinstance(source, Fillable):
        return source
    if isinstance(source, Readable):
        return _Pieces(iter(lambda: source.read(CHUNK), b""))
    return _Pieces(iter(source))


class _Pieces:
    """A stream over pieces of any length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readinto(self, buffer: memoryview, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
