"""Pages of a list by keyset: what was added meanwhile neither repeats nor hides a row."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from app.api.shaping import GREATEST, Fault, Faulty, Told
from app.db import db

MOST = 100


@dataclass(frozen=True)
class Paging:
    """Which page of a list is asked for."""

    cursor: Annotated[str | None, Told(_("The `next` of the page before"), most=40)] = None
    limit: Annotated[int, Told(_("How many at most"), 1, MOST)] = 50


def page(
    query: Select[Any], key: InstrumentedAttribute[int], asked: Paging
) -> tuple[list[Any], str | None]:
    """The rows of a page by a rising integer key, and the cursor of the next page."""
    after = 0 if asked.cursor is None else place_of(asked.cursor)
    ordered = query.order_by(None).where(key > after).order_by(key).limit(asked.limit + 1)
    rows = list(db.session.scalars(ordered).unique())
    if len(rows) <= asked.limit:
        return rows, None
    rows = rows[: asked.limit]
    return rows, cursor_of(int(getattr(rows[-1], key.key)))


def cursor_of(place: int) -> str:
    """A cursor; what stands in it is nobody's business but ours."""
    return base64.urlsafe_b64encode(f"after:{place}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> int:
    """The place that a cursor of ours names; Faulty for any other text."""
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, _colon, place = told.decode("ascii").partition(":")
        if name == "after" and place.isdigit() and int(place) <= GREATEST:
            return int(place)
    except (ValueError, binascii.Error):
        pass
    raise Faulty([Fault("/cursor", gettext("This is no cursor of this list"))])
