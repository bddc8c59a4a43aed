"""What no view ever sees: characters that no text has, numbers that no record has."""

import re
from collections.abc import Iterable

from flask import Flask, request
from flask_babel import lazy_gettext as _
from werkzeug.routing import IntegerConverter, Map

from app.errors import PortalError

GREATEST = 2**31 - 1  # what a whole-number column takes on both databases
# PostgreSQL keeps no NUL and no half of a surrogate pair; the others show nothing but confusion.
UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unprintable(PortalError):
    """A control character in something typed: no keyboard sends it."""

    status = 400
    message = _("What was sent contains control characters. Remove them and send it again")


class RecordNumber(IntegerConverter):
    """The number of a record in an address; one that no record can have is no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=GREATEST)


def whole(text: str) -> int:
    """Read a number as `type=` of request.args.get: ValueError for one that no column takes."""
    number = int(text)
    if abs(number) > GREATEST:
        raise ValueError("larger than any column takes")
    return number


def refuse_unprintable(texts: Iterable[str]) -> None:
    """Stop at the first text with a control character other than tabs and line ends."""
    if any(UNPRINTED.search(text) for text in texts):
        raise Unprintable


def init_app(app: Flask) -> None:
    """Look at every address and form before anything else does."""
    app.url_map.converters["int"] = RecordNumber

    @app.before_request
    def refuse_nonsense() -> None:
        for told in (request.args, request.form):
            for name, values in told.lists():
                refuse_unprintable([name, *values])
        refuse_unprintable([request.path])
