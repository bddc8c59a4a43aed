"""Whether a row of the log is whole: its place, its hash, and columns that repeat its text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from app.audit.tree import leaf_hash

TOLD_NAMES = ("event", "subject", "scope", "actor", "at")
# How the columns may come from the database instead: as the two ends of the text that they make.
FRAME = ("start", "end")


class Row(NamedTuple):
    """A sealed event: its place in the tree and the event as it is stored, texts as bytes.

    What follows `own_leaf` are the query columns; they are None where only the text is at hand.
    """

    seq: int
    event_id: int
    xid: int | None
    leaf: bytes
    own_xid: int | None
    canonical: bytes | None
    own_leaf: bytes | None
    event: bytes | None
    subject: bytes | None
    scope: bytes | None
    actor_id: int | None
    at: bytes | None


TOLD = 7  # so many columns of a row come before those that only repeat its text
Block = tuple[tuple[Any, ...], ...]  # rows by column, in Row's order: compared at once, not singly


class Broken(Exception):
    """The first thing that is not as it was: where it stands and why."""

    def __init__(self, table: str, first_bad: int | None, reason: str) -> None:
        super().__init__(reason)
        self.table, self.first_bad, self.reason = table, first_bad, reason


@dataclass(frozen=True)
class Form:
    """What this log stores besides the texts: query columns, and ids without gaps (SQLite)."""

    columns: bool = True
    dense: bool = False


def cut(block: Block, until: int | None) -> tuple[Block, Block]:
    """Divide a block after so many rows."""
    if until is None or until >= len(block[0]):
        return block, ()
    return tuple(column[:until] for column in block), tuple(column[until:] for column in block)


def check_block(block: Block, first: int, form: Form) -> None:
    """Check each row by itself: its place, its hash, and that its columns repeat its text."""
    if not _is_whole(block, first, form):
        for place, row in enumerate(zip(*block, strict=True), start=first):
            whole = row if len(row) == len(Row._fields) else (*row[:TOLD], *unframed(*row[TOLD:]))
            if why := wrong(Row(*whole), place, form):
                raise why


def _is_whole(block: Block, first: int, form: Form) -> bool:
    places, keys, xids, leaves, own_xids, texts, own_leaves, *told = block
    end = first + len(places)
    try:
        return (
            places == tuple(range(first, end))
            and own_xids == xids
            and own_leaves == leaves
            and leaves == tuple([sha256(b"\0" + text).digest() for text in texts])
            and (not form.dense or keys == tuple(range(first + 1, end + 1)))
            and (not form.columns or _repeat(texts, told))
        )
    except TypeError:
        return False  # a text is missing, or no text


def _repeat(texts: Sequence[bytes], told: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the columns repeat the texts; as frames they are compared a block at once."""
    if len(told) > len(FRAME):
        return all(map(fits, texts, *told))
    starts, ends = told
    return all(map(bytes.startswith, texts, starts)) and all(map(bytes.endswith, texts, ends))


def unframed(start: bytes | None, end: bytes | None) -> tuple[Any, ...]:
    """Return the columns from which the database framed an entry, to name the one that differs."""
    before, _at, after = (start or b"").partition(b',"at":"')
    time, _event, event = after.partition(b'+00:00","event":"')
    scope, _subject, subject = (end or b"").removeprefix(b',"scope":').partition(b',"subject":"')
    who = before.removeprefix(b'{"actor":')
    return (
        event.removesuffix(b'","facts":{'),
        subject.removesuffix(b'","v":1}'),
        None if scope == b"null" else scope[1:-1],
        int(who) if who.removeprefix(b"-").isdigit() else None,
        time.replace(b"T", b" "),
    )


def wrong(row: Row, expected: int, form: Form) -> Broken | None:
    """Return what is wrong with a row, if anything is."""
    if row.seq != expected:
        return Broken("audit_leaf", expected, f"the place {expected} in the tree is empty")
    if row.canonical is None:
        return Broken("audit_event", row.event_id, "the entry was removed")
    text = row.canonical if isinstance(row.canonical, bytes) else b""
    if leaf_hash(text) != row.leaf:
        return Broken("audit_event", row.event_id, "the entry is not the one that was sealed here")
    if (row.own_leaf, row.own_xid) != (row.leaf, row.xid):
        return Broken("audit_event", row.event_id, "its hash or transaction was edited")
    if form.columns and (name := differing(text, *row[TOLD:])):
        return Broken("audit_event", row.event_id, f"the column {name} was edited")
    if form.dense and row.event_id != row.seq + 1:
        return Broken("audit_event", row.seq + 1, "the entry was removed or moved")
    return None


def fits(canonical: bytes, event: Any, subject: Any, scope: Any, actor: Any, at: Any) -> bool:
    """Tell whether the query columns repeat the text, without parsing it where that is enough.

    The text begins with actor, time and event and ends with scope and subject. Quotes inside a
    string are escaped in it, and facts hold no objects, so neither part can occur elsewhere.
    """
    try:
        who = b"null" if actor is None else b"%d" % actor
        start = b'{"actor":%b,"at":"%b+00:00","event":"%b","facts":{' % (
            who, at.replace(b" ", b"T"), event
        )  # fmt: skip
        where = b"null" if scope is None else b'"%b"' % scope
        end = b',"scope":%b,"subject":"%b","v":1}' % (where, subject)
    except (TypeError, AttributeError):
        return False  # a value of a foreign type
    if canonical.startswith(start) and canonical.endswith(end):
        return True
    return not differing(canonical, event, subject, scope, actor, at)


def differing(canonical: bytes, *columns: Any) -> str | None:
    """Return the first column that says something else than the text."""
    try:
        body = json.loads(canonical)
        told = [body[name] for name in TOLD_NAMES]
    except (ValueError, TypeError, KeyError):
        return "canonical"
    event, subject, scope, actor, at = (_text(value) for value in columns)
    said = [event, subject, scope, actor, f"{at}+00:00".replace(" ", "T")]
    names = ("event", "subject", "scope", "actor_id", "at")
    return next((n for n, a, b in zip(names, told, said, strict=True) if a != b), None)


def _text(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
