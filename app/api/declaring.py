"""How an address of the API is declared: the same words make the route and the document."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, json, request
from flask_babel import gettext as _

from app.api.models import ApiToken, Scope
from app.api.problems import problem
from app.api.receipts import once
from app.api.shaping import Faulty, plain, read, read_query
from app.errors import Words
from app.policy import Permission
from app.web import gate

View = Callable[..., Any]
MOST_BYTES = 2 * 1024 * 1024
v1 = Blueprint("v1", __name__, url_prefix="/api/v1")


class Bytes:
    """The answer of an address that sends a file as it is."""


@dataclass(frozen=True)
class Operation:
    """One address with one method: what it takes, what it answers, which scope it needs."""

    name: str
    method: str
    path: str  # as Flask writes it, below /api/v1
    scope: Scope | None
    words: Words
    answer: Any
    asks: type | None = None
    body: type | None = None
    needs: Permission = Permission.BOARD_READ  # who may not, hears nothing of what was sent


OPERATIONS: dict[str, Operation] = {}


def reads(
    path: str, answer: Any, *, words: Words, scope: Scope | None = None, asks: type | None = None
) -> Callable[[View], View]:
    """Declare what is read at an address; the view returns a shape, or a whole reply for Bytes."""

    def declare(view: View) -> View:
        operation = Operation(view.__name__, "get", path, scope, words, answer, asks)
        return _joined(operation, view, _reading(operation, view))

    return declare


def writes(
    path: str, answer: Any, *, words: Words, scope: Scope, body: type, needs: Permission
) -> Callable[[View], View]:
    """Declare what is sent to an address, under an idempotency key; the view runs once a key."""

    def declare(view: View) -> View:
        name = view.__name__
        operation = Operation(name, "post", path, scope, words, answer, body=body, needs=needs)
        return _joined(operation, view, _writing(operation, view))

    return declare


def _joined(operation: Operation, view: View, run: View) -> View:
    @wraps(view)
    def answered(**values: Any) -> Response:
        if lacking := _lacking(operation):
            return lacking
        try:
            return run(**values)
        except Faulty as error:
            return problem(422, _("Something of what was sent can't be taken"), error.faults)

    OPERATIONS[operation.name] = operation
    methods = [operation.method.upper()]
    v1.add_url_rule(operation.path, operation.name, answered, methods=methods)
    return view


def _lacking(operation: Operation) -> Response | None:
    """A refusal where the token's scopes don't hold what the address needs."""
    token: ApiToken = g.api_token
    if operation.scope is None or operation.scope in token.scopes:
        return None
    words = _("This token may not be used for this; it needs: %(scope)s", scope=operation.scope)
    challenge = f'Bearer realm="xingping", error="insufficient_scope", scope="{operation.scope}"'
    return problem(403, words, WWW_Authenticate=challenge)


def _reading(operation: Operation, view: View) -> View:
    def run(**values: Any) -> Response:
        if operation.asks is not None:
            values["asked"] = read_query(operation.asks, request.args)
        elif request.args:
            read_query(Nothing, request.args)
        found = view(**values)
        return found if isinstance(found, Response) else sent(found)

    return run


@dataclass(frozen=True)
class Nothing:
    """An address that takes no arguments."""


def sent(found: Any) -> Response:
    """A shape as JSON, with the mark that a later request may name (If-None-Match)."""
    text = json.dumps(plain(found), ensure_ascii=False, separators=(",", ":"))
    reply = Response(text, mimetype="application/json")
    reply.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.headers["Vary"] = "Authorization, Accept-Language"
    reply.make_conditional(request)
    return reply


def _writing(operation: Operation, view: View) -> View:
    def run(**values: Any) -> Response:
        gate(operation.needs)
        if request.mimetype != "application/json":
            return problem(415, _("Send application/json"))
        raw = request.get_data()
        if len(raw) > MOST_BYTES:
            return problem(413, _("Send at most %(n)s bytes", n=MOST_BYTES))
        told = read_body(operation, raw)
        return once(operation.name, raw, lambda: view(told, **values))

    return run


def read_body(operation: Operation, raw: bytes) -> Any:
    """The body as its shape; Faulty names everything that is wrong."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    return read(operation.body or Nothing, told)
