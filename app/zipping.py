"""A ZIP file as a stream: each piece leaves as soon as it is made, however large the whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.clock import SHANGHAI

LARGE = 1 << 31  # from here on an entry's sizes take eight bytes
FILE = 0o100644 << 16


@dataclass(frozen=True)
class Packed:
    """A file on its way into a ZIP: its name there, its time, its size and its bytes."""

    path: str
    at: datetime
    size: int
    chunks: Iterable[bytes]
    is_text: bool = False  # texts are compressed; papers mostly are already


class _Window:
    """What ZipFile has written and nobody has taken yet; it can't be sought or told."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing lies behind the window."""

    def close(self) -> None:
        """Nothing to give back."""

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """Yield a ZIP of these files; an error in one of them leaves it visibly broken off."""
    window = _Window()
    with ZipFile(window, "w", ZIP_STORED) as archive:
        for file in files:
            with archive.open(_head(file), "w", force_zip64=file.size >= LARGE) as entry:
                for chunk in file.chunks:
                    entry.write(chunk)
                    yield from window.taken()
            yield from window.taken()
    yield from window.taken()


def _head(file: Packed) -> ZipInfo:
    local = file.at.astimezone(SHANGHAI)
    head = ZipInfo(file.path, local.timetuple()[:6])
    head.compress_type = ZIP_DEFLATED if file.is_text else ZIP_STORED
    head.external_attr = FILE
    return head
