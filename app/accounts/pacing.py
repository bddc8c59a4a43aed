"""Guessing has a pace: failures are counted by address too, so that many names help nobody."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app, request
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import AddressAttempt
from app.db import db

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
SLOWED = _("Too many failed attempts came from your address. Try again in a quarter of an hour")


def here() -> str:
    """Where the request comes from, as a hash that only this portal can make."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()


def is_slowed(kind: str, address: str) -> bool:
    """Whether so many attempts failed from this address that the next one isn't even looked at."""
    since = clock.now() - WINDOW
    found = select(func.count()).where(
        AddressAttempt.kind == kind, AddressAttempt.address == address, AddressAttempt.at > since
    )
    return (db.session.scalar(found) or 0) >= current_app.config["SIGN_IN_ADDRESS_FAILURES"]


def note(kind: str, address: str) -> None:
    """An attempt failed; what is older than a day is dropped. The caller holds the transaction."""
    db.session.execute(delete(AddressAttempt).where(AddressAttempt.at < clock.now() - KEPT))
    db.session.add(AddressAttempt(kind=kind, address=address, at=clock.now()))
