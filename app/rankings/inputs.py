"""What a ranking is computed on, as exact text: ratings under keys made for this one ranking. Pure.

A key is an HMAC under the ranking's own secret: whoever holds the texts of two rankings can't say
which of their ratings, persons or engagements are the same.
"""

import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from app.rankings.record import digest, exact

VERSION = 1
MOST_BYTES = 1 << 30  # of a text unpacked: no district comes near it


@dataclass(frozen=True)
class Entry:
    """One rating: of whose work, by whom, for which organisation and party, stars by dimension."""

    key: str
    agency: int
    engagement: str
    rater: str
    organisation: str
    party: str
    service: str
    days: int  # age on the ranking's day
    stars: Mapping[str, int | None]  # None says 不适用
    apart: tuple[str, ...] = ()  # dimensions that wait in the dimensions' own rankings
    changed: bool = False  # an appeal changed a rating of its agency


def _told(entry: Entry) -> dict[str, Any]:
    """An entry as it is written: the mark of a change only where it stands, as ever."""
    told = asdict(entry)
    return told if told["changed"] else {k: v for k, v in told.items() if k != "changed"}


@dataclass(frozen=True)
class Inputs:
    """All that the result follows from, beside the method's parameters."""

    agencies: tuple[int, ...]  # listed, rated or not
    entries: tuple[Entry, ...]
    facts: Mapping[int, Mapping[str, float | int | str | None]] = field(default_factory=dict)

    def text(self) -> str:
        """What the data digest is of."""
        ratings = sorted((_told(entry) for entry in self.entries), key=lambda each: each["key"])
        facts = {str(key): dict(told) for key, told in self.facts.items()}
        listed = sorted(self.agencies)
        return exact({"v": VERSION, "agencies": listed, "facts": facts, "ratings": ratings})

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return digest(self.text())

    @classmethod
    def from_text(cls, text: str) -> "Inputs":
        """Read the text back; ValueError where it is of another form or a key stands twice."""
        told = json.loads(text)
        if told["v"] != VERSION:
            raise ValueError("ratings of another form")
        entries = [
            Entry(**{**each, "apart": tuple(each["apart"]), "stars": _stars(each["stars"])})
            for each in told["ratings"]
        ]
        if len({entry.key for entry in entries}) != len(entries):
            raise ValueError("a rating's key stands twice")
        facts = {int(key): each for key, each in told["facts"].items()}
        return cls(tuple(told["agencies"]), tuple(entries), facts)


def _stars(told: Mapping[str, Any]) -> dict[str, int | None]:
    for stars in told.values():
        if stars is not None and (type(stars) is not int or not 1 <= stars <= 5):
            raise ValueError(f"not a number of stars: {stars!r}")
    return dict(told)


def key_of(salt: str, kind: str, number: object) -> str:
    """The key of a rating, person, organisation or engagement in one ranking: 32 hex digits."""
    return hmac.new(bytes.fromhex(salt), f"{kind}:{number}".encode(), sha256).hexdigest()[:32]


def packed(text: str) -> bytes:
    """A text as it is kept."""
    return zlib.compress(text.encode(), 6)


def unpacked(kept: bytes) -> str:
    """The text that was kept; ValueError where it is none or larger than can be."""
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(kept, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not reader.eof:
        raise ValueError("longer than can be, or broken off")
    return text.decode()
