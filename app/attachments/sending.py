"""A kept file on its way out: a download on record, or a picture in a page."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, request
from flask_babel import lazy_gettext as _

from app import audit
from app.accounts.models import User
from app.attachments import exif
from app.attachments.models import KeptFile
from app.db import transaction
from app.errors import Missing, Unavailable
from app.exporting import content_disposition
from app.intake import whole
from app.papers import sending as papers
from app.papers.files import StoredFile
from app.papers.models import KeptFile as PaperFile
from app.papers.models import PaperVersion
from app.papers.queries import file_of
from app.papers.sending import SANDBOX, FileGone
from app.policy import Permission, require
from app.reading import cache, copying, frames
from app.reading import queries as reading
from app.reading.showing import Way, how
from app.store import object_store
from app.web import actor
from storage import StoreError, Withheld
from storage.reader import Reader

log = logging.getLogger(__name__)


def opened(file: KeptFile) -> Reader:
    """The file's bytes; Unavailable where the store can't give them, FileGone where nobody may."""
    with as_kept(file):
        return object_store().open_near(file.store_key)


@contextmanager
def as_kept(file: KeptFile) -> Iterator[None]:
    """Say what the store refuses in the portal's words."""
    try:
        yield
    except Withheld as error:
        raise FileGone(about=file) from error
    except StoreError as error:
        log.error("an attachment can't be read: %s", error)
        raise Unavailable from error


def record_download(actor: User, file: Any, thing: Any, permission: Permission) -> None:
    """Somebody takes a file away: who, which, and its hash; told in no scope."""
    require(actor, permission, thing)
    audit.record(
        actor, audit.Event.ATTACHMENT_DOWNLOADED, file, file=file.file_name, sha256=file.sha256
    )


def download(file: KeptFile, thing: Any, permission: Permission) -> Response:
    """The same bytes under the same name, streamed, once the download is on record."""
    reader = opened(file)
    try:
        with transaction():
            record_download(actor(), file, thing, permission)
        return _streamed(file, reader, "attachment")
    except BaseException:
        reader.close()
        raise


def download_version(version: PaperVersion, thing: Any, permission: Permission) -> Response:
    """A version for somebody to whom `thing` opens it and nothing else of the papers.

    Of several files the address names one. Whose role gets reading copies gets them here too.
    """
    file = file_of(version, request.args.get("file", 1, type=whole))
    if file is None:
        raise Missing
    papers.refuse_withheld(file)
    if not reading.gets_original(actor()):
        return _copy(file, thing, permission)
    return papers.recorded(file, lambda: record_download(actor(), file, thing, permission))


def _copy(file: PaperFile, thing: Any, permission: Permission) -> Response:
    """A copy with its reader's name on it; Unmarkable where none can be made now."""
    showing = how(file)
    if showing.way is Way.WAITING:
        cache.want(file)
        raise Unavailable(_("The reading copy is being made. Please try again in a minute"))
    if not copying.may_have_copy(file, showing):
        raise copying.Unmarkable
    with copying.copy_of(actor(), file, showing).kept() as copy:
        with transaction():
            record_download(actor(), file, thing, permission)
        return frames.as_download(copy)


def picture(file: KeptFile) -> Response:
    """A photograph for the page that shows it; whatever else is only ever downloaded."""
    return _streamed(file, opened(file), "inline" if file.is_picture else "attachment")


def _streamed(file: KeptFile, reader: Reader, how: Any) -> Response:
    response = Response(reader, mimetype=file.media_type)
    response.content_length = file.size
    response.headers["Content-Disposition"] = content_disposition(file.file_name, how)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(file.sha256)
    return response


def head_of(file: StoredFile) -> bytes:
    """The first bytes of a kept file, where a camera writes time and place."""
    with object_store().open(file.key) as reader:
        head = b""
        for chunk in reader:
            head += chunk
            if len(head) >= exif.HEAD_BYTES:
                break
        return head[: exif.HEAD_BYTES]
