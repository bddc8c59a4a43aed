"""Verify the log in the database: all stored bytes, in one pass and constant memory."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from app.audit import guard
from app.audit.checking import Checker, Trust
from app.audit.reading import Reader, reading, snapshot
from app.audit.rows import Broken, Form, Row, wrong
from app.audit.tree import TILE

EVENTS = "SELECT count(*) FROM audit_event"


@dataclass(frozen=True)
class Result:
    """Whether the log is whole; if not, the first bad entry and why.

    `first_bad` is the id in audit_event, the place in audit_leaf or audit_node, the size in
    audit_checkpoint. `unsealed` entries wait for their seal: their own hashes and columns fit, but
    if somebody removed such an entry, nothing can tell (only on SQLite, where ids have no gaps).
    """

    ok: bool
    table: str
    first_bad: int | None = None
    reason: str = ""
    size: int = 0
    root: str = ""
    checkpoints: int = 0
    unsealed: int = 0
    unguarded: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


def verify(engine: Engine, trust: Trust) -> Result:
    """Verify the log as it stands at this moment."""
    with snapshot(engine) as connection:
        return verify_in(connection, trust)


def verify_in(connection: Connection, trust: Trust) -> Result:
    """Verify what this connection sees, by one snapshot of its transaction."""
    unguarded = tuple(guard.missing(connection))
    with reading(connection) as read:
        return _verified(read, trust, unguarded)


def _verified(read: Reader, trust: Trust, unguarded: tuple[str, ...]) -> Result:
    form = Form(dense=read.is_sqlite)
    try:
        checker = Checker(trust, form, read.nodes)
        checker.check(read.sealed(), read.heads())
        _check_node_count(read, checker.frontier.size)
        waiting = _check_waiting(read, checker)
    except Broken as broken:
        return Result(
            ok=False, table=broken.table, first_bad=broken.first_bad, reason=broken.reason,
            unguarded=unguarded,
        )  # fmt: skip
    return Result(
        ok=True, table="audit_event", size=checker.frontier.size,
        root=checker.frontier.root().hex(), checkpoints=checker.checkpoints, unsealed=waiting,
        unguarded=unguarded,
    )  # fmt: skip


def _check_node_count(read: Reader, size: int) -> None:
    level, expected = TILE, 0
    while size >> level:
        expected, level = expected + (size >> level), level + TILE
    if read.number("SELECT count(*) FROM audit_node") != expected:
        raise Broken("audit_node", None, f"there should be {expected} kept hashes")


def _check_waiting(read: Reader, checker: Checker) -> int:
    """Check the entries that no seal took in yet; return how many they are."""
    size = last = checker.frontier.size
    if read.number(EVENTS) != size:  # each of the sealed ones was seen above
        for key, xid, canonical, leaf, *told in read.waiting():
            check_waiting((last, key, xid, leaf, xid, canonical, leaf, *told), checker)
            last += 1
    if checker.form.dense and (given := read.number(_LAST_ID) or 0) != last:
        raise Broken("audit_event", last + 1, f"entries up to {given} were made; these are gone")
    return last - size


def check_waiting(row: tuple[Any, ...], checker: Checker) -> None:
    """Check an entry that no seal took in yet, in the place where the next seal would put it."""
    last, key, xid = row[:3]
    if checker.form.dense:
        if key <= last:
            raise Broken("audit_event", key, "slipped in before the last seal")
        if key != last + 1:
            raise Broken("audit_event", last + 1, "the entry was removed")
    elif xid is None or xid < checker.horizon:
        why = "older than the last seal, yet not sealed: slipped in, or restored"
        raise Broken("audit_event", key, why)
    if found := wrong(Row(*row), last, checker.form):
        raise found


_LAST_ID = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'audit_event'"
