"""Guessing has a pace, and so has leafing through what is public: both are counted by address.

Failures are rows, since they must hold on every machine. Requests for public pages are counted in
each process: a count in the database would cost more than the page, and what is lost with a
process is at most one minute's count.
"""

import hashlib
import hmac
import ipaddress
import time
from collections import Counter
from datetime import timedelta

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import AddressAttempt
from app.db import db
from app.errors import answer

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
MINUTE = 60
MOST_ADDRESSES = 50_000  # as many as are remembered: who changes addresses fills no memory
# Public rooms that go on at any pace: the way in, which counts failures, and the machines' own.
UNHURRIED = frozenset({"accounts", "identity", "operations", "pages"})
TOO_MANY = _("Too many pages were asked for from your address. Try again in a minute")
SLOWED = _("Too many failed attempts came from your address. Try again in a quarter of an hour")


class Pace:
    """The requests of this minute by address."""

    def __init__(self) -> None:
        self._minute, self._counts = 0, Counter[str]()

    def is_over(self, address: str, most: int, now: float) -> bool:
        """Count one more request; whether it is beyond `most` in the minute of `now` (seconds)."""
        minute = int(now // MINUTE)
        if minute != self._minute or len(self._counts) > MOST_ADDRESSES:
            self._minute, self._counts = minute, Counter()
        self._counts[address] += 1
        return self._counts[address] > most


_pace = Pace()


def here() -> str:
    """Where the request comes from, as a hash that only this portal can make."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, house_of(request.remote_addr or "").encode(), hashlib.sha256).hexdigest()


def house_of(address: str) -> str:
    """What counts as one address: of IPv6 the first half, since every house has all of the rest."""
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(told, ipaddress.IPv4Address):
        return str(told)
    return str(told.ipv4_mapped or ipaddress.ip_network((told, 64), strict=False))


def is_slowed(kind: str, address: str) -> bool:
    """Whether so many attempts failed from this address that the next one isn't even looked at."""
    since = clock.now() - WINDOW
    found = select(func.count()).where(
        AddressAttempt.kind == kind, AddressAttempt.address == address, AddressAttempt.at > since
    )
    most = int(current_app.config["SIGN_IN_ADDRESS_FAILURES"])
    return (db.session.scalar(found) or 0) >= most


def note(kind: str, address: str) -> None:
    """An attempt failed; what is older than a day is dropped. The caller holds the transaction."""
    db.session.execute(delete(AddressAttempt).where(AddressAttempt.at < clock.now() - KEPT))
    db.session.add(AddressAttempt(kind=kind, address=address, at=clock.now()))


def slow_visitor(room: str | None) -> ResponseReturnValue | None:
    """Answer 429 to a visitor who leafs through the public pages faster than people read.

    How many requests a minute one address has, the settings say.
    """
    most = int(current_app.config["PUBLIC_REQUESTS_A_MINUTE"])
    if not most or (room or "").partition(".")[0] in UNHURRIED:
        return None
    if not _pace.is_over(here(), most, time.time()):
        return None
    reply = make_response(answer(TOO_MANY, 429))
    reply.headers["Retry-After"] = "60"
    return reply
