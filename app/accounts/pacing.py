"""Guessing has a pace: failures are counted by address too, so that many names help nobody."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import AddressAttempt
from app.db import db, transaction
from app.errors import answer

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
PAGES, MOST_PAGES, MINUTE = "page", 240, timedelta(minutes=1)  # of what is public, by address
TOO_MANY = _("Too many pages were asked for from your address. Try again in a minute")
SLOWED = _("Too many failed attempts came from your address. Try again in a quarter of an hour")


def here() -> str:
    """Where the request comes from, as a hash that only this portal can make."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()


def is_slowed(kind: str, address: str) -> bool:
    """Whether so many attempts failed from this address that the next one isn't even looked at."""
    return _count(kind, address, WINDOW) >= current_app.config["SIGN_IN_ADDRESS_FAILURES"]


def _count(kind: str, address: str, window: timedelta) -> int:
    since = clock.now() - window
    found = select(func.count()).where(
        AddressAttempt.kind == kind, AddressAttempt.address == address, AddressAttempt.at > since
    )
    return db.session.scalar(found) or 0


def note(kind: str, address: str) -> None:
    """An attempt failed; what is older than a day is dropped. The caller holds the transaction."""
    db.session.execute(delete(AddressAttempt).where(AddressAttempt.at < clock.now() - KEPT))
    db.session.add(AddressAttempt(kind=kind, address=address, at=clock.now()))


def slow_visitor(blueprint: str | None) -> ResponseReturnValue | None:
    """Answer 429 to a visitor who leafs through the public pages faster than people read.

    What is over the limit isn't written down: a flood costs one question each.
    """
    if blueprint != "openness":
        return None
    if _count(PAGES, here(), MINUTE) >= MOST_PAGES:
        reply = make_response(answer(TOO_MANY, 429))
        reply.headers["Retry-After"] = "60"
        return reply
    old = AddressAttempt.kind == PAGES, AddressAttempt.at < clock.now() - 2 * MINUTE
    with transaction():
        db.session.execute(delete(AddressAttempt).where(*old))
        db.session.add(AddressAttempt(kind=PAGES, address=here(), at=clock.now()))
    return None
