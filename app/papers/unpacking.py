"""An archive that was sent for its files: each is judged, scanned and stored by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast
from zipfile import ZipFile, ZipInfo

from flask_babel import lazy_gettext as _

from app import media
from app.archives import BROKEN, BrokenArchive, open_zip
from app.db import db, transaction
from app.errors import Invalid, PortalError, Unavailable
from app.media import MediaType
from app.papers import quarantine, submitting, uploads
from app.papers.files import StoredFile
from app.papers.models import Upload
from app.papers.uploading import Arrival

JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
JUNK_STARTS = ("~$", "._", ".~")


class LockedArchive(Invalid):
    """Its files can't be read without a password."""

    message = _("This archive has a password. Unlock it, or send its files one by one")


@dataclass(frozen=True)
class Place:
    """Where a file lay in the archive."""

    folder: str
    name: str


class _Entry:
    """The bytes of one file of an archive; damage is said in the portal's words."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._file.read(size)
        except BROKEN as error:
            raise BrokenArchive from error


def taken_in(upload: Upload) -> list[dict[str, str]]:
    """Check a file that has arrived whole and put it, or the files in it, into the store.

    Where there is a scanner that is left to the background: here the file is only looked at.
    """
    if upload.released_at is not None or upload.refused_at is not None:
        return []
    if quarantine.scanner():
        with quarantine.refusals_noted(upload):
            quarantine.judged(upload)
        with transaction():
            submitting.ask_check(upload.author, upload)
        return []
    if upload.unpacks:
        return unpack(upload)
    quarantine.kept(upload, upload.engagement)
    return []


def unpack(upload: Upload) -> list[dict[str, str]]:
    """Put the files of an archive in its place, all of them or none, and tell which were refused.

    What isn't an archive is kept as it is.
    """
    with quarantine.refusals_noted(upload):
        is_archive = quarantine.scanned(upload).media is MediaType.ZIP
        if is_archive:
            return take_apart(upload)
    quarantine.kept(upload, upload.engagement)
    return []


def take_apart(archive: Upload) -> list[dict[str, str]]:
    """Put the files of a checked archive in its place, and tell which were refused."""
    gathering = quarantine.gathering_of(archive)
    with gathering.path.open("rb") as file, open_zip(file) as opened:
        found, refused = _taken_out(opened, archive)
    with transaction():
        for place, kept in found:
            db.session.add(uploads.taken_out(archive, kept, place.folder))
        uploads.end_upload(archive.author, archive)
    gathering.discard()
    return refused


def _taken_out(
    archive: ZipFile, upload: Upload
) -> tuple[list[tuple[Place, StoredFile]], list[dict[str, str]]]:
    """Keep each file; what is refused by itself holds nothing else up."""
    found: list[tuple[Place, StoredFile]] = []
    refused: list[dict[str, str]] = []
    for place, entry in _wanted(archive, upload):
        try:
            found.append((place, _kept(archive, entry, place, upload)))
        except Unavailable:
            raise
        except PortalError as error:
            refused.append({"name": place.name, "error": str(error.message)})
    return found, refused


def _wanted(archive: ZipFile, upload: Upload) -> list[tuple[Place, ZipInfo]]:
    """The files that somebody made, if there is room for them."""
    entries = [(place_of(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    wanted = [(place, entry) for place, entry in entries if not is_junk(place)]
    if not wanted:
        raise media.EmptyFile
    if any(entry.flag_bits & 1 for _place, entry in wanted):
        raise LockedArchive
    if len(wanted) > uploads.MOST_WAITING:
        raise Invalid(_("The archive holds more than %(n)s files", n=uploads.MOST_WAITING))
    total = sum(entry.file_size for _place, entry in wanted)
    uploads.check_quota(upload.engagement, total - upload.length, quarantine.limits())
    return wanted


def _kept(archive: ZipFile, entry: ZipInfo, place: Place, upload: Upload) -> StoredFile:
    engagement = upload.engagement
    with _opened(archive, entry) as stream:
        arrival = Arrival(
            stream=cast(IO[bytes], _Entry(stream)),
            name=place.name,
            length=entry.file_size,
            limit=quarantine.limits().file,
            is_unclassified=upload.is_unclassified,
            scanner=quarantine.scanner(),
        )
        return quarantine.kept(arrival, engagement, upload.author)


def _opened(archive: ZipFile, entry: ZipInfo) -> IO[bytes]:
    try:
        return archive.open(entry)
    except BROKEN as error:
        raise BrokenArchive from error


def place_of(entry: ZipInfo) -> Place:
    """The folder and the name of an entry; names that old packers wrote in GBK are read as such."""
    *folders, name = _name(entry).replace("\\", "/").split("/")
    return Place("/".join(part for part in folders if part not in {"", ".", ".."}), name)


def _name(entry: ZipInfo) -> str:
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    return next(_readings(raw), entry.filename)


def _readings(raw: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError:
            continue


def is_junk(place: Place) -> bool:
    """What a system leaves in folders by itself."""
    name = place.name.lower()
    return name in JUNK or name.startswith(JUNK_STARTS) or "__MACOSX" in place.folder.split("/")
