"""A file on its way out: the same bytes under the same name, streamed, and only as a download."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import PurePosixPath

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.blobs.destroying import withheld_among
from app.db import transaction
from app.errors import PortalError, Unavailable
from app.exporting import content_disposition
from app.papers import pdf_reading
from app.papers.models import KeptFile, PaperVersion
from app.papers.pdf_reading import PdfFacts
from app.store import object_store, spool_folder
from app.zipping import Packed, zipped
from storage import ObjectStore, StoreError, Withheld
from storage.reader import Reader

log = logging.getLogger(__name__)
LEFT_OUT = "未包含的文件.txt"
# A file that was sent in is never a page of ours, whatever it holds.
SANDBOX = "default-src 'none'; sandbox"


class FileGone(PortalError):
    """The file must not be here: nobody may read it, or it is destroyed. `about` is the file."""

    status = 410
    message = _("This file is withheld or destroyed: it must not be here")


def opened(file: KeptFile) -> Reader:
    """The file's bytes; Unavailable where the store can't give them, FileGone where nobody may."""
    with as_unavailable(file):
        return object_store().open_near(file.store_key)


@contextmanager
def as_unavailable(file: KeptFile) -> Iterator[None]:
    """Say what the store refuses in the portal's words."""
    try:
        yield
    except Withheld as error:
        raise FileGone(about=file) from error
    except StoreError as error:
        log.error("version %s can't be read: %s", file.version.id, error)
        raise Unavailable from error


def refuse_withheld(file: KeptFile) -> None:
    """Stop before anything of the file is shown, its conversions and its text included."""
    if withheld_among({file.sha256}):
        raise FileGone(about=file)


def as_download(file: KeptFile, reader: Reader) -> Response:
    """A reply that streams the bytes in chunks and closes the reader, however it ends."""
    response = Response(reader, mimetype=file.media_type)
    response.content_length = file.size
    response.headers["Content-Disposition"] = content_disposition(file.file_name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(file.sha256)
    return response


def recorded(file: KeptFile, record: Callable[[], None]) -> Response:
    """A download that is on record before its first byte leaves."""
    reader = opened(file)
    try:
        with transaction():
            record()
        return as_download(file, reader)
    except BaseException:
        reader.close()
        raise


def check_all(version: PaperVersion) -> None:
    """Every file is there, before any of them leaves."""
    left_out = withheld_among({file.sha256 for file in version.files})
    with as_unavailable(version):
        for file in version.files:
            if file.sha256 not in left_out:
                object_store().stat(file.store_key)


def as_zip(version: PaperVersion) -> Response:
    """All files of a version under their own names; broken off where one can't be read."""
    names, at, store = set[str](), version.submitted_at, object_store()
    left_out = withheld_among({one.sha256 for one in version.files})
    packed = [
        Packed(_free_name(one.file_name, names), at, one.size, _read(store, one.store_key))
        for one in version.files
        if one.sha256 not in left_out
    ]
    if left_out:
        text = _told_left_out(version, left_out)
        packed.append(Packed(LEFT_OUT, at, len(text), [text], is_text=True))
    response = Response(zipped(packed), mimetype="application/zip")
    name = f"{version.paper.index_no} v{version.number}.zip"
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


def _told_left_out(version: PaperVersion, left_out: set[str]) -> bytes:
    """Which files are not in the ZIP; nothing of them but their names and digests."""
    files = [f"{one.file_name}  SHA-256 {one.sha256}" for one in version.files]
    told = [line for line in files if line[-64:] in left_out]
    heading = gettext("Not in this package, for they must not be here (withheld or destroyed):")
    return "\r\n".join([heading, *told, ""]).encode("utf-8-sig")


def _read(store: ObjectStore, key: str) -> Iterator[bytes]:
    """The bytes, from the moment that they are asked for."""
    with store.open(key) as reader:
        yield from reader


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with a number where another file is called the same."""
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    tries = chain([name], (f"{stem} ({n}){ending}" for n in count(2)))
    free = next(one for one in tries if one.casefold() not in taken)
    taken.add(free.casefold())
    return free


def pdf_facts(file: KeptFile, name: str) -> PdfFacts:
    """Read a stored PDF and look for a name in it; a copy on disk, never the whole in memory."""
    with opened(file) as reader, tempfile.TemporaryFile(dir=spool_folder()) as copy:
        for chunk in reader:
            copy.write(chunk)
        copy.seek(0)
        return pdf_reading.look(copy, name)
