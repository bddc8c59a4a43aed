"""Reading ahead: the next piece comes from the store while the last one goes to the reader."""

import queue
import threading
from contextlib import suppress

from storage import CHUNK
from storage.reader import Source

DEPTH = 3  # pieces in memory: one arrives, one waits, one is sent
WORTH_IT = 4 * CHUNK  # a thread costs more than it saves below
PATIENCE = 0.5  # seconds between two looks at whether anybody still wants the next piece


class Ahead:
    """A source that a thread of its own reads in pieces of a mebibyte; closing it ends the thread.

    What goes wrong there is raised where the bytes that come after it are asked for.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pieces: queue.Queue[bytes | BaseException] = queue.Queue(DEPTH - 1)
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; b"" at the end."""
        if not self._rest:
            self._rest = memoryview(self._next())
        data = self._rest[:size]
        self._rest = self._rest[size:]
        whole = data.obj
        return whole if isinstance(whole, bytes) and len(whole) == len(data) else bytes(data)

    def close(self) -> None:
        """End the thread and give the source back; twice is once."""
        self._closed.set()
        if self._thread is not None:
            with suppress(queue.Empty):
                while True:
                    self._pieces.get_nowait()
            self._thread.join()
        self._source.close()

    def _next(self) -> bytes:
        if self._thread is None:
            self._thread = threading.Thread(target=self._fill, name="ahead", daemon=True)
            self._thread.start()
        piece = self._pieces.get()
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def _fill(self) -> None:
        """Read until the end, a fault, or the closing."""
        piece: bytes | BaseException = b"begun"
        while piece and not isinstance(piece, BaseException) and not self._closed.is_set():
            try:
                piece = self._source.read(CHUNK)
            except BaseException as error:
                piece = error
            self._hand_over(piece)

    def _hand_over(self, piece: bytes | BaseException) -> None:
        while not self._closed.is_set():
            with suppress(queue.Full):
                self._pieces.put(piece, timeout=PATIENCE)
                return
