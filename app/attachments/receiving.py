"""A file on its way into an attachment: judged, scanned and stored before any row names it."""

from typing import Any, cast
from urllib.parse import unquote

from flask import current_app, request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage

from app import audit
from app.accounts.models import User
from app.attachments import exif
from app.db import end_read, transaction
from app.errors import Invalid, PortalError
from app.papers import quarantine, uploading, uploads
from app.papers.files import RefusedUpload, StoredFile
from app.papers.uploading import Arrival
from app.policy import Permission, require
from app.store import object_store
from app.web import actor

MOST_FILES = 20


def kept(source: Arrival, thing: Any, permission: Permission) -> StoredFile:
    """Keep a file in the store; a refusal is in the log before anybody hears of it."""
    try:
        if not source.is_unclassified:
            raise Invalid(_("Confirm first that the file holds no state secret"))
        uploads.check_quota(thing.engagement, source.length or 0, quarantine.limits())
        end_read()
        return uploading.keep(object_store(), source)
    except PortalError as error:
        refused = RefusedUpload(source.name, source.length, uploading.reason_of(error))
        with transaction():
            note_refused_file(actor(), thing, permission, refused)
        raise


def note_refused_file(
    actor: User, thing: Any, permission: Permission, refused: RefusedUpload
) -> None:
    """Put in the log that a file was not taken, and why."""
    require(actor, permission, thing)
    audit.record(
        actor,
        audit.Event.UPLOAD_REFUSED,
        thing.engagement,
        scope=thing.engagement,
        refusal=refused.reason,
        file=refused.name[:200],
        size=refused.size,
    )


def from_files(files: list[Any], *, is_unclassified: bool) -> list[Arrival]:
    """The files of a plain form, some at once."""
    sent = [one for one in files if isinstance(one, FileStorage) and one.filename]
    if len(sent) > MOST_FILES:
        raise Invalid(_("At most %(n)s files at once", n=MOST_FILES))
    return [
        Arrival(
            stream=cast(Any, one.stream),
            name=one.filename or "",
            length=None,
            limit=current_app.config["MAX_FORM_UPLOAD_BYTES"],
            is_unclassified=is_unclassified,
            scanner=quarantine.scanner(),
        )
        for one in sent
    ]


def from_form(form: Any) -> Arrival:
    """The one file of a plain form."""
    found = from_files([form.file.data], is_unclassified=form.unclassified.data)
    if not found:
        raise Invalid(_("Choose a file first"))
    return found[0]


def from_body(form: Any) -> Arrival:
    """The file as the page's script sends it, in the body; its fields came in a header."""
    if "Transfer-Encoding" in request.headers:  # a body cut short must be told from a whole one
        raise Invalid(_("The request can't be understood"))
    return Arrival(
        stream=request.stream,
        name=unquote(request.headers.get("X-File-Name", "")),
        length=request.content_length or 0,
        limit=current_app.config["MAX_UPLOAD_BYTES"],
        is_unclassified=form.unclassified.data,
        scanner=quarantine.scanner(),
    )


def head_of(file: StoredFile) -> bytes:
    """The first bytes of a kept file, where a camera writes time and place."""
    with object_store().open(file.key) as reader:
        head = b""
        for chunk in reader:
            head += chunk
            if len(head) >= exif.HEAD_BYTES:
                break
        return head[: exif.HEAD_BYTES]
