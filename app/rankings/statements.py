"""What is signed when a ranking is published: the digests of all its parts, a line each. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from app.rankings.record import digest, exact

FORMAT = "xingping-ranking/1"
PARTS = ("method", "data", "result", "public")


class Row(Protocol):
    """One agency's row."""

    told: Any
    agency: Any


class Snapshot(Protocol):
    """A published ranking."""

    code: Any
    title: Any
    as_of: Any
    since: Any
    method: Any
    parameters: Any
    summary: Any
    public: Any
    data_digest: Any
    result_digest: Any
    published_at: Any
    reason: Any


def public_text(snapshot: Snapshot, rows: Iterable[Row]) -> str:
    """All that everybody may hold of a ranking, as exact text."""
    told = [
        {**json.loads(row.told), "name": row.agency.name,
         "credit_code": row.agency.organisation.credit_code}
        for row in rows
    ]  # fmt: skip
    return exact(
        {
            "format": FORMAT,
            "code": snapshot.code,
            "title": snapshot.title,
            "since": _day(snapshot.since),
            "as_of": _day(snapshot.as_of),
            "method": snapshot.method,
            "published_at": _moment(snapshot.published_at) if snapshot.published_at else None,
            "reason": snapshot.reason,
            "data_digest": snapshot.data_digest,
            "result_digest": snapshot.result_digest,
            "summary": json.loads(snapshot.summary),
            "rows": told,
        }
    )


def statement_of(snapshot: Snapshot) -> str:
    """The lines that are signed: which ranking, when published, and the digest of each part."""
    digests = {
        "method": digest(snapshot.parameters),
        "data": snapshot.data_digest,
        "result": snapshot.result_digest,
        "public": digest(snapshot.public),
    }
    lines = [FORMAT, snapshot.code, _moment(snapshot.published_at)]
    return "".join(f"{line}\n" for line in [*lines, *(f"{n} {digests[n]}" for n in PARTS)])


def read_statement(text: str) -> Mapping[str, str]:
    """What a statement says, by name; ValueError where it isn't of the form."""
    lines = text.split("\n")
    if len(lines) != len(PARTS) + 4 or lines[0] != FORMAT or lines[-1]:
        raise ValueError("not the statement of a ranking")
    told = {"code": lines[1], "published_at": lines[2]}
    for name, line in zip(PARTS, lines[3:-1], strict=True):
        word, _space, told[name] = line.partition(" ")
        if word != name or len(told[name]) != 64:
            raise ValueError(f"the statement's line of the {name} is damaged")
    return told


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
