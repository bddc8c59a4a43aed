"""A file on its way into an attachment: judged, scanned and stored before any row names it."""

import json
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import unquote

from flask import current_app, flash, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage

from app.attachments import Keeper, waiting
from app.attachments.refusing import named_among, refusals_noted
from app.bodies import body_of
from app.db import end_read, transaction
from app.errors import Invalid
from app.papers import quarantine, uploading, uploads
from app.papers.files import StoredFile
from app.papers.uploading import Arrival
from app.policy import Permission
from app.store import object_store
from app.web import actor, spend

MOST_FILES = 20
LONGEST_NAME = 60  # characters of a name in what is told of several files


def hand_in(keeper: Keeper, record: Any, sources: Sequence[Arrival], once: str | None) -> None:
    """Keep the bytes first, then write the rows that name them: of all files, or of none.

    With a scanner they wait in quarantine, and the background gives them to the record.
    """
    if quarantine.scanner():
        with waiting.gathered(keeper, record, sources) as here, transaction():
            spend(once)
            waiting.ask_check(actor(), keeper, record, here)
    else:
        files, takes = [], []
        for source in sources:
            with named_among(source.name, sources):
                files.append(kept(keeper, record, source))
                takes.append(keeper.taking(files[-1]))
        with transaction():
            spend(once)
            quarantine.taken_over((), record.engagement, files)
            for take, file in zip(takes, files, strict=True):
                with named_among(file.name, sources):
                    take(actor(), record, file)
    if request.headers.get("X-Files-Left", "0") == "0":  # the script sends several one by one
        flash(_told_of([*_sent_before(), *(source.name for source in sources)]))


def _told_of(names: Sequence[str]) -> str:
    """What arrived: how many files, and which."""
    told = {"count": len(names), "files": gettext(", ").join(names)}
    if quarantine.scanner():
        return gettext(
            "Received (files: %(count)s); shown as soon as the virus scanner has passed them:"
            " %(files)s",
            **told,
        )
    return gettext("Handed over (files: %(count)s): %(files)s", **told)


def _sent_before() -> list[str]:
    """The names of the files that the page's script sent before this one, as it tells them."""
    try:
        names = json.loads(unquote(request.headers.get("X-Files-Before", "[]")))
    except (ValueError, RecursionError):
        return []
    known = names if isinstance(names, list) else []
    return [name[:LONGEST_NAME] for name in known[:MOST_FILES] if isinstance(name, str)]


def kept(keeper: Keeper, record: Any, source: Arrival) -> StoredFile:
    """Keep a file in the store; a refusal is in the log before anybody hears of it."""
    with refusals_noted(keeper.send, record, source.name, source.length):
        if not source.is_unclassified:
            raise Invalid(_("Confirm first that the file holds no state secret"))
        length = quarantine.length_told(source)
        uploads.check_quota(record.engagement, length, quarantine.limits())
        end_read()
        return uploading.keep(object_store(), source)


def kept_of_form(
    form: Any, permission: Permission, thing: Any, *, sender: Any = None
) -> StoredFile:
    """Keep the file of a plain form that belongs to no engagement, scanned at once."""
    return kept_source(from_form(form), permission, thing, sender=sender)


def kept_source(
    source: Arrival, permission: Permission, thing: Any, *, sender: Any = None
) -> StoredFile:
    """Keep a file that belongs to no engagement, scanned at once; a refusal is in the log."""
    with refusals_noted(permission, thing, source.name, source.length, sender=sender):
        end_read()
        return uploading.keep(object_store(), source)


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


def from_files_form(form: Any) -> list[Arrival]:
    """The files of a plain form that takes several."""
    found = from_files(form.file.data, is_unclassified=form.unclassified.data)
    if not found:
        raise Invalid(_("Choose a file first"))
    return found


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
        stream=body_of(request),
        name=unquote(request.headers.get("X-File-Name", "")),
        length=request.content_length or 0,
        limit=current_app.config["MAX_UPLOAD_BYTES"],
        is_unclassified=form.unclassified.data,
        scanner=quarantine.scanner(),
    )
