"""What lies inside a container file (ZIP, OLE2), told from its directory without unpacking it."""

import io
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, cast
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask_babel import lazy_gettext as _

from app.errors import Invalid
from app.listed_zip import UNREADABLE

MIB = 1024 * 1024
MAX_ENTRIES = 20_000
MAX_DIRECTORY_BYTES = 5 * MIB  # 20,000 names of a believable length
MAX_TOTAL_BYTES = 4096 * MIB
LARGE_TOTAL_BYTES = 1024 * MIB
MAX_RATIO = 200
MAX_DEPTH = 3  # an archive in an archive in an archive
MAX_NESTED_BYTES = 512 * MIB  # copied out to look into inner archives
PROBE_BYTES = 64 * 1024
BROKEN = (*UNREADABLE, OverflowError, ValueError)  # a hostile archive does more than a damaged one


class ZipBomb(Invalid):
    """An archive that would unpack to something out of all proportion."""

    message = _("This archive unpacks to far more than it should, or hides its size; it is refused")


class BrokenArchive(Invalid):
    """An archive that can't be read to its end."""

    message = _("This archive is damaged and can't be read. Please make it again")


class Definitions(Invalid):
    """XML that defines entities or names a document of elsewhere."""

    message = _("This workbook brings definitions that no office program writes; it is refused")


@dataclass(slots=True)
class Tally:
    """What has been counted so far, inner archives included."""

    entries: int = 0
    total: int = 0
    copied: int = 0
    encrypted: bool = False


class _Bounded:
    """A file that refuses to be read in one huge piece: the directory of a hostile archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise ZipBomb
        return self.file.read(size)

    def seekable(self) -> bool:
        return True


def open_zip(file: IO[bytes]) -> ZipFile:
    """Read an archive's directory, of a bounded size; BrokenArchive where that can't be done."""
    try:
        return ZipFile(cast(IO[bytes], _Bounded(file)))
    except BROKEN as error:
        raise BrokenArchive from error


def read_entry(archive: ZipFile, name: str, limit: int = MIB) -> bytes:
    """Return the first bytes of one entry; nothing where it is absent, locked or damaged."""
    try:
        with archive.open(name) as entry:
            return entry.read(limit)
    except (KeyError, *BROKEN):
        return b""


def unpacked_workbook(data: bytes, most: int) -> int:
    """The bytes that a workbook unpacks to; Definitions where one of its parts has a DOCTYPE.

    Entities are how XML grows without end or fetches files, whatever library reads it later. A
    workbook over `most` bytes is measured and not looked into.
    """
    total = inspect_zip(io.BytesIO(data)).total
    if total <= most:
        with open_zip(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    _refuse_definitions(read_entry(archive, name, most))
    return total


def _refuse_definitions(part: bytes) -> None:
    """Read up to the first element, before which alone a DOCTYPE may stand."""

    def refuse(*_told: object) -> None:
        raise Definitions

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        with suppress(expat.ExpatError):  # what isn't XML is told by whoever reads it
            parser.Parse(part, True)
    except ValueError as error:  # a charset that no office program writes
        raise Definitions from error


def inspect_zip(file: IO[bytes], tally: Tally | None = None, depth: int = 1) -> Tally:
    """Add up an archive and the ZIPs inside it, or raise ZipBomb.

    Refused: more than 20,000 entries, over 4 GB unpacked, over 1 GB at more than 200 times the
    archive's size, entries that share bytes, entries that hold more than they say, more than
    three levels. A locked entry is counted by what it says, and marked.
    """
    tally = tally or Tally()
    if depth > MAX_DEPTH:
        raise ZipBomb
    with open_zip(file) as archive:
        entries = archive.infolist()
        _count(entries, _length(file), tally)
        for entry in entries:
            if not entry.flag_bits & 1 and _holds_more_than_it_says(file, entry):
                raise ZipBomb
        for inner in (e for e in entries if e.filename.lower().endswith(".zip")):
            _inspect_inner(archive, inner, tally, depth)
    return tally


def _count(entries: list[ZipInfo], size: int, tally: Tally) -> None:
    total = sum(entry.file_size for entry in entries)
    tally.entries += len(entries)
    tally.total += total
    tally.encrypted |= any(entry.flag_bits & 1 for entry in entries)
    shares_bytes = sum(entry.compress_size for entry in entries) > size
    swells = total > LARGE_TOTAL_BYTES and total > size * MAX_RATIO
    if tally.entries > MAX_ENTRIES or tally.total > MAX_TOTAL_BYTES or shares_bytes or swells:
        raise ZipBomb


def _holds_more_than_it_says(file: IO[bytes], entry: ZipInfo) -> bool:
    """Inflate an entry only where its beginning swells more than the directory admits."""
    if entry.compress_type != ZIP_DEFLATED:
        return False
    probe = next(_inflated(file, entry), 0)
    read = min(entry.compress_size, PROBE_BYTES)
    claimed = entry.file_size / max(entry.compress_size, 1)
    if probe <= entry.file_size and probe <= read * max(claimed * 2, 20):
        return False
    told = 0
    for produced in _inflated(file, entry):
        told += produced
        if told > entry.file_size:
            return True
    return False


def _inflated(file: IO[bytes], entry: ZipInfo) -> Iterator[int]:
    """Tell for each piece of an entry how many bytes it makes, holding at most 1 MiB of them."""
    start = entry.header_offset
    file.seek(max(start, 0))
    header = file.read(30)
    if start < 0 or header[:4] != b"PK\x03\x04":
        raise BrokenArchive
    skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(start + 30 + skip)
    engine, left = zlib.decompressobj(-zlib.MAX_WBITS), entry.compress_size
    while left > 0 and not engine.eof:
        piece = file.read(min(left, PROBE_BYTES))
        if not piece:
            raise BrokenArchive
        left -= len(piece)
        yield _made(engine, piece)


def _made(engine: "zlib._Decompress", piece: bytes) -> int:
    made = 0
    try:
        while piece:
            made += len(engine.decompress(piece, MIB))
            piece = engine.unconsumed_tail
    except zlib.error as error:
        raise BrokenArchive from error
    return made


def _inspect_inner(archive: ZipFile, inner: ZipInfo, tally: Tally, depth: int) -> None:
    """Copy an inner archive to a scratch file, within the budget, and count it too."""
    if inner.flag_bits & 1 or inner.is_dir():
        return
    tally.copied += inner.file_size
    if tally.copied > MAX_NESTED_BYTES:
        raise ZipBomb
    with TemporaryFile() as scratch:
        try:
            with archive.open(inner) as source:
                while piece := source.read(MIB):
                    scratch.write(piece)
        except BROKEN as error:
            raise BrokenArchive from error
        scratch.seek(0)
        if scratch.read(2) == b"PK":
            inspect_zip(scratch, tally, depth + 1)


def _length(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def ole_names(file: IO[bytes]) -> frozenset[str]:
    """Return the names in an OLE2 file's directory ([MS-CFB] 2.6), as far as it can be read.

    At most 1,024 sectors are looked at, so that a circular chain ends.
    """
    file.seek(0)
    header = file.read(512)
    shift = int.from_bytes(header[30:32], "little")
    if shift not in {9, 12}:
        return frozenset()
    sector, names = int.from_bytes(header[48:52], "little"), set()
    for _turn in range(1024):
        file.seek((sector + 1) << shift)
        page = file.read(1 << shift)
        if sector >= 0xFFFFFFFA or not page:
            break
        names |= {_ole_name(page[at : at + 128]) for at in range(0, len(page), 128)}
        sector = _next_sector(file, header, sector, shift)
    return frozenset(names - {""})


def _ole_name(entry: bytes) -> str:
    length = int.from_bytes(entry[64:66], "little")
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")


def _next_sector(file: IO[bytes], header: bytes, sector: int, shift: int) -> int:
    """Follow the allocation table; its first 109 sectors are named in the header."""
    per_sector = 1 << (shift - 2)
    index, place = divmod(sector, per_sector)
    if index >= 109:
        return 0xFFFFFFFE
    table = int.from_bytes(header[76 + 4 * index : 80 + 4 * index], "little")
    file.seek(((table + 1) << shift) + 4 * place)
    return int.from_bytes(file.read(4) or b"\xfe\xff\xff\xff", "little")
