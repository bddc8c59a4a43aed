"""The bytes of a blob, or of a part of it, on their way out: once, in order, and all of them."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from storage import CHUNK, Damaged


class Source(Protocol):
    """Where the bytes come from."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Reader:
    """A part of a blob. Close it (`with store.open(key) as reader`), or give it to a response.

    `size` counts the bytes that it gives, `total` those of the whole blob. Iterating gives chunks
    of at most a mebibyte. A blob that ends too early is Damaged, never a shorter file.
    """

    def __init__(self, source: Source, *, size: int, total: int) -> None:
        self.size = size
        self.total = total
        self._source = source
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; b"" at the end. A negative size means all that is left."""
        if size < 0:
            return b"".join(self)
        wanted = min(size, self._left)
        if wanted == 0:
            return b""
        data = self._source.read(wanted)
        if not data:
            raise Damaged(f"{self._left} of {self.size} bytes are missing")
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Give the file or the connection back; twice is once."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def part(total: int, start: int, length: int | None) -> int:
    """How many bytes the part of a blob from `start` has; ValueError if there is no such part."""
    if not 0 <= start < total or (length is not None and length < 1):
        raise ValueError(f"no part of {total} bytes: {start}, {length}")
    return min(total - start, total if length is None else length)
