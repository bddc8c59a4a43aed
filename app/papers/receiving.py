"""How a file reaches a view: as a raw body with its fields in a header, or in a plain form."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from app.bodies import body_of
from app.errors import Conflict, Invalid, TooLarge, Unavailable
from app.intake import refuse_unprintable
from app.papers import quarantine
from app.papers.models import Upload
from app.papers.quarantine import Source
from app.papers.tus import PART_TYPE
from app.papers.uploading import Arrival
from app.policy import Permission
from app.web import load
from storage import CHUNK

RAW_TYPE = "application/octet-stream"
RAW_TYPES = {RAW_TYPE, PART_TYPE}
NO_LIMIT = 1 << 62  # the spool has its own, which tells the sender what it is
LONGEST_WAIT = 3  # times the limit: how much of a refused body is read to its end


@dataclass
class Told:
    """What a form page answers after a refusal."""

    status: int = 422


@contextmanager
def told_at(field: Any) -> Iterator[Told]:
    """Show a refusal at the form's field and keep what was typed, with the refusal's own code."""
    told = Told()
    try:
        yield told
    except (Invalid, Conflict, TooLarge, Unavailable) as error:
        field.errors = [*field.errors, error.message]
        told.status = error.status


def lift_limit() -> None:
    """A raw body isn't held to the limit of forms; nothing parses it, so nothing keeps it."""
    if request.mimetype in RAW_TYPES:
        request.max_content_length = NO_LIMIT


def read_to_the_end(response: Response) -> Response:
    """Read what a refused sender still sends: else the connection breaks before the answer."""
    left = LONGEST_WAIT * int(current_app.config["MAX_UPLOAD_BYTES"])
    if response.status_code >= 400 and request.mimetype in RAW_TYPES:
        with suppress(ClientDisconnected, RequestEntityTooLarge, OSError):
            while left > 0 and (piece := request.stream.read(CHUNK)):
                left -= len(piece)
    return response


def sent_fields() -> MultiDict[str, str]:
    """The form's other fields, which travel in a header beside a raw body."""
    try:
        fields = json.loads(unquote(request.headers.get("X-Upload-Fields", "{}"), errors="strict"))
    except ValueError as error:
        raise Invalid(_("The request can't be understood")) from error
    if request.mimetype != RAW_TYPE or not isinstance(fields, dict):
        raise Invalid(_("The request can't be understood"))
    told = {str(name): str(value) for name, value in fields.items()}
    refuse_unprintable([*told, *told.values()])
    return MultiDict(told)


def check(form: Any) -> None:
    """Stop a raw upload at the first thing that is wrong with its fields."""
    if not form.validate():
        field = next(one for one in form if one.errors)
        raise Invalid(f"{field.label.text}{_(': ')}{field.errors[0]}")


def from_body(form: Any) -> list[Source]:
    """The files as the page's script sends them: one in the body, or several before, in parts."""
    if gathered := request.headers.get("X-Upload"):
        keys = [key.strip() for key in gathered.split(",")]
        return [load(Upload, key, Permission.UPLOAD_CONTINUE) for key in keys]
    return [_body(form)]


def _body(form: Any) -> Arrival:
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


def from_form(form: Any) -> list[Source]:
    """The files as a browser without scripts sends them."""
    files = [one for one in form.file.data if isinstance(one, FileStorage) and one.filename]
    if not files:
        raise Invalid(_("Choose a file first"))
    return [
        Arrival(
            stream=cast(Any, file.stream),
            name=file.filename or "",
            length=None,
            limit=current_app.config["MAX_FORM_UPLOAD_BYTES"],
            is_unclassified=form.unclassified.data,
            scanner=quarantine.scanner(),
        )
        for file in files
    ]
