"""The exact text of an event, which is what is hashed, stored and compared: JSON in one form."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

VERSION = 1
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


class Told(NamedTuple):
    """What an event says, but for its facts: the values that stand in query columns too."""

    at: datetime
    event: str
    subject: str
    scope: str | None
    actor: int | None
    stands_for: int | None = None  # whose deputy acts


def canonical(told: Told, role: str | None, org: int | None, facts: Mapping[str, object]) -> str:
    """Return the text: sorted keys, no spaces, UTF-8 as it is; names of people never occur.

    A fact is text, a whole number, a truth value, nothing, or a list of these; dates and times
    become ISO text, exact decimals text, enums their value. TypeError for anything else.
    """
    body: dict[str, object] = {
        "actor": told.actor,
        "at": stamp(told.at),
        "event": told.event,
        "facts": {name: plain(fact) for name, fact in facts.items()},
        "org": org,
        "role": role,
        "scope": told.scope,
        "subject": told.subject,
        "v": VERSION,
    }
    if told.stands_for is not None:
        body["for"] = told.stands_for
    text = _encode(body)
    # Half a surrogate pair, as a broken file name may hold, has no UTF-8: it becomes its escape.
    return text.encode("utf-8", "backslashreplace").decode()


def plain(fact: object) -> object:
    """Return a fact as JSON knows it."""
    if isinstance(fact, Enum):
        return plain(fact.value)
    if fact is None or isinstance(fact, str | int):
        return fact
    if isinstance(fact, datetime):
        return stamp(fact)
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, Decimal):
        return str(fact)
    if isinstance(fact, list | tuple):
        return [plain(one) for one in fact]
    raise TypeError(f"a fact of the log can't be {type(fact).__name__}")


def stamp(at: datetime) -> str:
    """Return a moment in UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read(text: str) -> dict[str, Any]:
    """Return what the text says; ValueError where it is not an event."""
    body = json.loads(text)
    if not isinstance(body, dict) or body.get("v") != VERSION:
        raise ValueError("not an event of this form")
    return body
