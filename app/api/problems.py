"""What went wrong, as RFC 9457 has it: problem details in JSON, in the reader's language."""

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Response, json, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.api.shaping import Fault, Told, plain
from app.errors import PortalError, Words
from app.tracing import request_id

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, Words] = {
    400: _("The request can't be understood"),
    401: _("No valid token"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("No such method here"),
    409: _("The record's state doesn't allow this"),
    410: _("It ended"),
    413: _("Too large"),
    415: _("Another type of content is needed"),
    422: _("Something of what was sent can't be taken"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Away at the moment"),
}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong with what was sent."""

    place: Annotated[str, Told(_("JSON pointer into what was sent, or into the parameters"))]
    detail: Annotated[str, Told(_("What is wrong with it"))]


@dataclass(frozen=True)
class Problem:
    """Why a request wasn't done (RFC 9457)."""

    type: Annotated[str, Told(_("The reference's entry for this kind of problem"))]
    title: Annotated[str, Told(_("The kind of problem in words"))]
    status: Annotated[int, Told(_("The HTTP status"))]
    detail: Annotated[str, Told(_("What happened this time"))]
    instance: Annotated[str, Told(_("The request's number, to be named when you ask for help"))]
    errors: Annotated[list[Mistake], Told(_("Everything that is wrong with what was sent"))]


def problem(
    status: int, detail: Words, faults: list[Fault] | None = None, **headers: Any
) -> Response:
    """The answer to a request that wasn't done."""
    told = Problem(
        type=url_for("api.reference", _anchor=f"problem-{status}"),
        title=str(TITLES.get(status, TITLES[400])),
        status=status,
        detail=str(detail),
        instance=f"urn:xingping:request:{request_id()}",
        errors=[Mistake(one.place, one.words) for one in faults or []],
    )
    text = json.dumps(plain(told), ensure_ascii=False)
    reply = Response(text, status, mimetype=MEDIA_TYPE)
    for name, value in headers.items():
        reply.headers[name.replace("_", "-")] = value
    if status == 429:
        reply.headers.setdefault("Retry-After", "60")
    return reply


def tell(words: Words, status: int, error: PortalError | None = None) -> Response:
    """Tell an error of the business, or of HTTP, in this form; a field that it names stands in."""
    field = str(getattr(error, "field", "") or "")
    faults = [Fault(f"/{field}", str(words))] if field else []
    more = {"Allow": _allowed()} if status == 405 else {}
    return problem(status, words, faults, **more)


def _allowed() -> str:
    """Which methods the address takes."""
    error = request.routing_exception
    methods = getattr(error, "valid_methods", None) or []
    return ", ".join(sorted(methods)) or "GET"


def no_api() -> Response:
    """What is told where the bureau has switched the API off."""
    return problem(404, gettext("This portal has no API switched on"))
