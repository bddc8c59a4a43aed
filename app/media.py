"""What a file is, told by its content; and which files and names the portal accepts."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from flask_babel import lazy_gettext as _

from app.archives import inspect_zip, ole_names, open_zip, read_entry
from app.errors import Invalid, Words

_OFFICE = "application/vnd.openxmlformats-officedocument."
HEAD_BYTES = 4096
TEXT_BYTES = 4 * 1024 * 1024  # how much of a text is decoded; all of it is searched for controls
MAX_NAME_BYTES = 180
MAX_ENDING_BYTES = 16
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class EmptyFile(Invalid):
    """A file without a byte, or an archive without a file."""

    message = _("The file is empty")


class ForeignType(Invalid):
    """A program, a web page, a script, a damaged file or anything else not on the list."""

    message = _(
        "This type of file is not accepted, or the file is damaged. Accepted are PDF, OFD, Word,"
        " Excel, PowerPoint and WPS documents, pictures, plain text and CSV, ZIP, 7z and RAR"
        " archives, MP3, M4A and MP4"
    )


class NameMismatch(Invalid):
    """A name that says another type than the content is."""


class BadName(Invalid):
    """A file name that can't be kept as it is."""

    message = _("The file has no usable name")


class MediaType(Enum):
    """The types on the list; the value is what a record keeps."""

    PDF = ("pdf", "application/pdf", "PDF", (".pdf",))
    OFD = ("ofd", "application/ofd", "OFD", (".ofd",))
    DOCX = ("docx", f"{_OFFICE}wordprocessingml.document", "Word (DOCX)", (".docx",))
    XLSX = ("xlsx", f"{_OFFICE}spreadsheetml.sheet", "Excel (XLSX)", (".xlsx",))
    PPTX = ("pptx", f"{_OFFICE}presentationml.presentation", "PowerPoint (PPTX)", (".pptx",))
    LOCKED_OFFICE = (
        "locked",
        "application/octet-stream",
        _("a document with a password"),
        (".docx", ".xlsx", ".pptx"),
    )
    DOC = ("doc", "application/msword", "Word/WPS (DOC)", (".doc", ".wps"))
    XLS = ("xls", "application/vnd.ms-excel", "Excel/WPS (XLS)", (".xls", ".et"))
    PPT = ("ppt", "application/vnd.ms-powerpoint", "PowerPoint/WPS (PPT)", (".ppt", ".dps"))
    JPG = ("jpg", "image/jpeg", "JPG", (".jpg", ".jpeg"))
    PNG = ("png", "image/png", "PNG", (".png",))
    TIFF = ("tiff", "image/tiff", "TIFF", (".tif", ".tiff"))
    BMP = ("bmp", "image/bmp", "BMP", (".bmp",))
    ZIP = ("zip", "application/zip", "ZIP", (".zip",))
    SEVEN_Z = ("7z", "application/x-7z-compressed", "7z", (".7z",))
    RAR = ("rar", "application/vnd.rar", "RAR", (".rar",))
    MP3 = ("mp3", "audio/mpeg", "MP3", (".mp3",))
    M4A = ("m4a", "audio/mp4", "M4A", (".m4a",))
    MP4 = ("mp4", "video/mp4", "MP4", (".mp4", ".m4a"))
    TEXT = ("text", "text/plain", _("plain text"), (".txt", ".csv"))

    mime: str
    label: Words
    endings: tuple[str, ...]

    def __new__(cls, code: str, mime: str, label: Words, endings: tuple[str, ...]) -> "MediaType":
        """Keep the code as the value; the words must not decide which member it is."""
        member = object.__new__(cls)
        member._value_ = code
        member.mime, member.label, member.endings = mime, label, endings
        return member

    @property
    def is_viewable(self) -> bool:
        """Tell whether a browser can show it in the page."""
        return self in {MediaType.PDF, MediaType.JPG, MediaType.PNG, MediaType.TEXT}


ENDINGS = frozenset(ending for media in MediaType for ending in media.endings)

_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"7z\xbc\xaf\x27\x1c", MediaType.SEVEN_Z),
    (b"Rar!\x1a\x07", MediaType.RAR),
    (b"ID3", MediaType.MP3),
)
_MAIN_PARTS = {
    f"{_OFFICE}wordprocessingml.document.main+xml": MediaType.DOCX,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": MediaType.XLSX,
    f"{_OFFICE}presentationml.presentation.main+xml": MediaType.PPTX,
}
_OLE_STREAMS = {
    "EncryptedPackage": MediaType.LOCKED_OFFICE,
    "WordDocument": MediaType.DOC,
    "Workbook": MediaType.XLS,
    "Book": MediaType.XLS,
    "PowerPoint Document": MediaType.PPT,
}
_SOUND_BRANDS = {b"M4A ", b"M4B "}
_FILM_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "}
_PROGRAM_PARTS = {"META-INF/MANIFEST.MF", "AndroidManifest.xml"}
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    rb"^\s*(?:#!|<[!?%a-z])|<(?:script|html|svg|iframe|body|\?php)\b", re.IGNORECASE
)
_OVERRIDE = re.compile(r"<(?:\w+:)?Override\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""\b(PartName|ContentType)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that passed: its display name, its type, and whether a password locks it."""

    name: str
    media: MediaType
    encrypted: bool


def accept(path: Path, file_name: str, size: int) -> Accepted:
    """Judge a received file by name and content; raise the reason for which it is refused."""
    name = clean_name(file_name)
    if size == 0:
        raise EmptyFile
    with path.open("rb") as file:
        media = kind_of(file.read(HEAD_BYTES), file)
        ending = ending_of(name)
        if media is None or (ending and ending not in ENDINGS):
            raise ForeignType
        if ending not in media.endings:
            raise NameMismatch(_mismatch(name, media))
        return Accepted(name, media, _is_locked(media, file))


def kind_of(head: bytes, source: Path | IO[bytes]) -> MediaType | None:
    """Tell a file's type from its content, or None for whatever is not on the list.

    `head` is its first bytes (4 KiB are enough), `source` the whole of it. A container counts
    as what its parts make it: an archive with a Word document's main part is DOCX, a program's
    archive or a document with macros (DOCM, XLSM) is not on the list. An archive whose
    directory can't be read raises BrokenArchive, one of absurd size ZipBomb.
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        with _opened(source) as file, open_zip(file) as archive:
            return _kind_of_zip(archive)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with _opened(source) as file:
            names = ole_names(file)
        return next((kind for name, kind in _OLE_STREAMS.items() if name in names), None)
    if found := _kind_of_head(head):
        return found
    with _opened(source) as file:
        return MediaType.TEXT if head and _is_plain_text(head, file) else None


def clean_name(raw: str) -> str:
    """Return a name that is safe to show and to send: NFC, one line, at most 180 bytes.

    Path parts, control characters and characters that turn the reading direction are refused
    with a reason, never repaired silently; a name that is too long keeps its ending.
    """
    if re.search(r"[/\\]", raw) or raw.strip() in {".", ".."}:
        raise BadName(_("The file name must not contain path parts such as / or \\"))
    if any(mark in BIDI or unicodedata.category(mark) in {"Cc", "Cs", "Zl", "Zp"} for mark in raw):
        raise BadName(_("The file name contains control characters. Please rename the file"))
    shown = "".join(mark for mark in raw if unicodedata.category(mark) != "Cf")
    name = unicodedata.normalize("NFC", shown).strip().rstrip(".").strip()
    if not name.lstrip("."):
        raise BadName
    return _shortened(name)


def ending_of(name: str) -> str:
    """Return the ending of a name with its dot, in lower case; nothing where it has none."""
    return Path(name).suffix.lower()


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    ending = Path(name).suffix
    ending = ending if len(ending.encode()) <= MAX_ENDING_BYTES else ""
    room = MAX_NAME_BYTES - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip() + ending


def _mismatch(name: str, media: MediaType) -> Words:
    return _(
        "The content of “%(name)s” is %(kind)s, so its name must end in %(endings)s",
        name=name,
        kind=media.label,
        endings=" / ".join(media.endings),
    )


def _is_locked(media: MediaType, file: IO[bytes]) -> bool:
    """Look through anything packed; a bomb is a bomb under the name of a document too."""
    if media in {MediaType.ZIP, MediaType.OFD, MediaType.DOCX, MediaType.XLSX, MediaType.PPTX}:
        tally = inspect_zip(file)
        if not tally.entries:
            raise EmptyFile
        return tally.encrypted
    return media is MediaType.LOCKED_OFFICE


def _kind_of_zip(archive: ZipFile) -> MediaType | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return _kind_of_office(archive, {f"/{name}".lower() for name in names})
    if "OFD.xml" in names:
        return MediaType.OFD if b"OFD" in read_entry(archive, "OFD.xml") else None
    return None if names & _PROGRAM_PARTS else MediaType.ZIP


def _kind_of_office(archive: ZipFile, parts: set[str]) -> MediaType | None:
    told = read_entry(archive, "[Content_Types].xml").decode(errors="replace")
    for override in _OVERRIDE.finditer(told):
        said = dict(_ATTRIBUTE.findall(override[1]))
        kind = _MAIN_PARTS.get(said.get("ContentType", ""))
        if kind and said.get("PartName", "").lower() in parts:
            return kind
    return None


def _kind_of_head(head: bytes) -> MediaType | None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-"):
        return MediaType.PDF
    if head[4:8] == b"ftyp":
        return _kind_of_brand(head[8:12])
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return MediaType.BMP
    if len(head) > 3 and head[0] == 0xFF and _is_mp3_frame(head):
        return MediaType.MP3
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _kind_of_brand(brand: bytes) -> MediaType | None:
    if brand in _SOUND_BRANDS:
        return MediaType.M4A
    return MediaType.MP4 if brand in _FILM_BRANDS or brand.startswith(b"3gp") else None


def _is_mp3_frame(head: bytes) -> bool:
    """Check the frame header: sync, layer III, and no reserved version, rate or frequency."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, frequency = head[2] >> 4, head[2] >> 2 & 3
    return head[1] >= 0xE0 and version != 1 and layer == 1 and 0 < rate < 15 and frequency != 3


def _is_plain_text(head: bytes, file: IO[bytes]) -> bool:
    """Accept UTF-8 or GB 18030 without control characters that is no page and no script."""
    if _MARKUP.search(head.removeprefix(codecs.BOM_UTF8)):
        return False
    file.seek(0)
    text = file.read(TEXT_BYTES)
    if _CONTROLS.search(text) or not (_decodes(text, "utf-8") or _decodes(text, "gb18030")):
        return False
    return not any(_CONTROLS.search(piece) for piece in iter(lambda: file.read(TEXT_BYTES), b""))


def _decodes(text: bytes, encoding: str) -> bool:
    """Tell whether a text decodes; one that fills the window may end inside a character."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text, len(text) < TEXT_BYTES)
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _opened(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        source.seek(0)
        yield source
