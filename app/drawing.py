"""The verifiable draw (摇号): who was drawn follows from a published list and two late secrets.

Pure: no database, no clock, no chance of its own. The list with its weights and a commitment to
a secret are published before the named beacon exists; afterwards anybody recomputes the draw
from the record. Successive sampling without replacement has exactly the distribution of
Efraimidis & Spirakis (2006), "Weighted random sampling with a reservoir", without logarithms,
so that every machine finds the same. All integers are big-endian, ids are UTF-8 and sorted by
their bytes, H is SHA-256.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

Key = TypeVar("Key")
NONCE_BYTES = 32
MOST_WEIGHT = (1 << 64) - 1
MOST_PICKS = (1 << 32) - 1
MOST_ID_BYTES = (1 << 16) - 1
SPACE = 1 << 256


class BadDraw(ValueError):
    """A list, secret or record from which nothing can be drawn; the message says why."""


class Pick(NamedTuple):
    """One place of the draw: who, at which point `t` of the remaining weight `total`, and how many
    numbers were thrown away before because they lay beyond the last whole multiple of it."""

    id: str
    t: int
    total: int
    rejected: int


@dataclass(frozen=True)
class Terms:
    """What is fixed and published before the beacon exists.

    `entries` maps each id to its whole weight of at least 1; `count` is how many are drawn (more
    than there are entries means all, in order).
    """

    draw_id: str
    entries: Mapping[str, int]
    count: int
    beacon_id: str

    def __post_init__(self) -> None:
        if not self.entries:
            raise BadDraw("the list is empty")
        for name, weight in self.entries.items():
            if type(weight) is not int or not 1 <= weight <= MOST_WEIGHT:
                raise BadDraw(f"the weight of {name} is no whole number from 1 to 2^64 - 1")
            if not 1 <= len(name.encode()) <= MOST_ID_BYTES:
                raise BadDraw("an id is empty or too long")
        if type(self.count) is not int or not 1 <= self.count <= MOST_PICKS:
            raise BadDraw("how many are drawn is no whole number from 1")

    def ordered(self) -> list[tuple[str, int]]:
        """The entries by the bytes of their ids."""
        return sorted(self.entries.items(), key=lambda entry: entry[0].encode())


def list_digest(terms: Terms) -> bytes:
    """L: the digest of the frozen list, 32 bytes."""
    parts = [b"draw-list/v1\0", len(terms.entries).to_bytes(4, "big")]
    for name, weight in terms.ordered():
        encoded = name.encode()
        parts += [len(encoded).to_bytes(2, "big"), encoded, weight.to_bytes(8, "big")]
    return sha256(b"".join(parts)).digest()


def commitment(terms: Terms, nonce: bytes) -> bytes:
    """C: published and logged before the beacon exists; binds the list and the secret, 32 bytes."""
    return sha256(b"draw-commit/v1\0" + _bound(terms, nonce)).digest()


def contributions_digest(contributions: Mapping[str, bytes]) -> bytes:
    """CD: the bidders' own revealed numbers, sorted by id; that of nobody where there are none."""
    parts = [b"draw-contrib/v1\0"]
    for name in sorted(contributions, key=str.encode):
        parts += [_hash(name), _nonce(contributions[name])]
    return sha256(b"".join(parts)).digest()


def seed(
    terms: Terms, nonce: bytes, beacon_value: str, contributions: Mapping[str, bytes]
) -> bytes:
    """The seed of the draw, 32 bytes: nobody knows it before the beacon, anybody after it."""
    late = _hash(beacon_value) + contributions_digest(contributions)
    return sha256(b"draw-seed/v1\0" + _bound(terms, nonce) + late).digest()


def picks(terms: Terms, seeded: bytes) -> list[Pick]:
    """Draw one after another, each by its share of the weight that remains. O(k log n)."""
    entries = terms.ordered()
    weights = _Sums([weight for _name, weight in entries])
    drawn = []
    for place in range(min(terms.count, len(entries))):
        point, rejected = _below(weights.total, seeded, place)
        at = weights.holding(point)
        drawn.append(Pick(entries[at][0], point, weights.total, rejected))
        weights.take(at)
    return drawn


def _below(total: int, seeded: bytes, place: int) -> tuple[int, int]:
    """A number below `total` without bias: what lies beyond its last multiple is thrown away."""
    limit, rejected = SPACE - SPACE % total, 0
    while True:
        number = sha256(
            b"draw-pick/v1\0" + seeded + place.to_bytes(4, "big") + rejected.to_bytes(4, "big")
        ).digest()
        if (found := int.from_bytes(number, "big")) < limit:
            return found % total, rejected
        rejected += 1


class _Sums:
    """Running sums of weights that are taken away one by one (Fenwick 1994)."""

    def __init__(self, weights: Sequence[int]) -> None:
        self.weights = list(weights)
        self.total = sum(self.weights)
        self.tree = [0, *self.weights]
        for at in range(1, len(self.tree)):
            if (above := at + (at & -at)) < len(self.tree):
                self.tree[above] += self.tree[at]

    def holding(self, point: int) -> int:
        """The first entry whose running sum is over the point."""
        at, step = 0, 1 << len(self.weights).bit_length()
        while step:
            if at + step < len(self.tree) and self.tree[at + step] <= point:
                at += step
                point -= self.tree[at]
            step >>= 1
        return at

    def take(self, at: int) -> None:
        """Take an entry away."""
        gone, self.weights[at] = self.weights[at], 0
        self.total -= gone
        place = at + 1
        while place < len(self.tree):
            self.tree[place] -= gone
            place += place & -place


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _nonce(secret: bytes) -> bytes:
    if len(secret) != NONCE_BYTES:
        raise BadDraw(f"a secret number has {NONCE_BYTES} bytes")
    return secret


def _bound(terms: Terms, nonce: bytes) -> bytes:
    """What both the commitment and the seed bind: the secret, the list, how many, which draw."""
    count = terms.count.to_bytes(4, "big")
    return (
        _nonce(nonce) + list_digest(terms) + count + _hash(terms.draw_id) + _hash(terms.beacon_id)
    )


# The record: what is published afterwards, and how anybody checks it


def record(
    terms: Terms, nonce: bytes, beacon_value: str, contributions: Mapping[str, bytes]
) -> dict[str, Any]:
    """The whole draw as plain JSON: everything from which it is computed, and what came of it."""
    seeded = seed(terms, nonce, beacon_value, contributions)
    return {
        "draw_id": terms.draw_id,
        "entries": dict(terms.ordered()),
        "k": terms.count,
        "nonce": nonce.hex(),
        "beacon_id": terms.beacon_id,
        "beacon_value": beacon_value,
        "contrib": [
            [name, contributions[name].hex()] for name in sorted(contributions, key=str.encode)
        ],
        "list_digest": list_digest(terms).hex(),
        "commitment": commitment(terms, nonce).hex(),
        "seed": seeded.hex(),
        "picks": [
            [one.id, str(one.t), str(one.total), one.rejected] for one in picks(terms, seeded)
        ],
    }


DERIVED = ("list_digest", "commitment", "seed", "picks")


def wrong_in(told: Mapping[str, Any]) -> list[str]:
    """Compute a record again; everything in it that does not follow, in words. Empty: it holds."""
    try:
        again = _again(told)
    except (BadDraw, KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"the record can't be read: {error}"]
    return [
        f"{name} is not what follows from the list and the numbers"
        for name in DERIVED
        if told.get(name) != again[name]
    ]


def _again(told: Mapping[str, Any]) -> dict[str, Any]:
    terms = Terms(
        _text(told["draw_id"]), dict(told["entries"]), told["k"], _text(told["beacon_id"])
    )
    revealed = [(_text(name), bytes.fromhex(number)) for name, number in told["contrib"]]
    if len(dict(revealed)) != len(revealed):
        raise BadDraw("a bidder's number stands there twice")
    if stranger := next((name for name, _number in revealed if name not in terms.entries), None):
        raise BadDraw(f"a number of {stranger}, who is not on the list")
    nonce = bytes.fromhex(told["nonce"])
    return record(terms, nonce, _text(told["beacon_value"]), dict(revealed))


def read(text: str | bytes) -> dict[str, Any]:
    """Read a record; BadDraw where a name stands twice, which JSON would silently drop."""

    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        listed = list(pairs)
        found = dict(listed)
        if len(found) != len(listed):
            raise BadDraw("a name stands twice in the record")
        return found

    told = json.loads(text, object_pairs_hook=once)
    if not isinstance(told, dict):
        raise BadDraw("not the record of a draw")
    return told


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadDraw("a name or number of the record is no text")
    return value


def invited(order: Sequence[Key], newcomers: Collection[Key], places: int, kept: int) -> list[Key]:
    """The first ones drawn, as many as there are places; `kept` of them are newcomers if possible.

    Where too few newcomers were drawn so early, the last places of the others go to the next
    newcomers drawn. Everybody stands in the order drawn.
    """
    first = list(order[:places])
    lacking = max(kept - sum(key in newcomers for key in first), 0)
    late = [key for key in order[places:] if key in newcomers][:lacking]
    others = [key for key in first if key not in newcomers]
    gone = others[len(others) - len(late) :] if late else []
    return [key for key in order if (key in first and key not in gone) or key in late]
