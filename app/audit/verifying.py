"""Verify the log in the database: all stored bytes, in one pass and constant memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import Connection, Engine

from app.audit import guard
from app.audit.checking import Broken, Checker, Form, Head, Rows, Trust, check_rows
from app.audit.tree import TILE

PAGE = 4000
DAY = "YYYY-MM-DD HH24:MI:SS.US"

LEAVES = """SELECT l.seq, l.event_id, l.xid, l.leaf, e.xid, e.canonical, e.leaf,
 e.event, e.subject, e.scope, e.actor_id, {at}
 FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.seq"""
HEADS = "SELECT size, root, note, batch, {at} FROM audit_checkpoint ORDER BY size"
NODES = "SELECT position, hash FROM audit_node WHERE level = {level} ORDER BY position"
WAITING = """SELECT e.id, e.xid, e.canonical, e.leaf,
 e.event, e.subject, e.scope, e.actor_id, {at}
 FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id WHERE l.seq IS NULL ORDER BY e.id"""


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


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open the database as it stands at this moment; writers and the sealer go on meanwhile."""
    on_server = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if on_server else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def verify(engine: Engine, trust: Trust) -> Result:
    """Verify the log as it stands at this moment."""
    with snapshot(engine) as connection:
        return verify_in(connection, trust)


def verify_in(connection: Connection, trust: Trust) -> Result:
    """Verify what this connection sees, by one snapshot of its transaction."""
    unguarded = tuple(guard.missing(connection))
    with reading(connection) as read:
        return _verified(read, trust, unguarded)


def _verified(read: "Reader", trust: Trust, unguarded: tuple[str, ...]) -> Result:
    form = Form(dense=read.is_sqlite)
    try:
        checker = Checker(trust, form, read.nodes)
        checker.check(read.pages(LEAVES), read.heads())
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


def _check_node_count(read: "Reader", size: int) -> None:
    level, expected = TILE, 0
    while size >> level:
        expected, level = expected + (size >> level), level + TILE
    if read.number("SELECT count(*) FROM audit_node") != expected:
        raise Broken("audit_node", None, f"there should be {expected} kept hashes")


def _check_waiting(read: "Reader", checker: Checker) -> int:
    """Check the entries that no seal took in yet; return how many they are."""
    size = last = checker.frontier.size
    for page in read.pages(WAITING):
        for key, xid, canonical, leaf, *told in page:
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
    check_rows([row], last, checker.form)


_LAST_ID = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'audit_event'"


class Reader:
    """Streams rows from the driver, texts as the bytes that are stored."""

    def __init__(self, driver: Any, *, is_sqlite: bool) -> None:
        self.driver, self.is_sqlite = driver, is_sqlite
        self._names = 0

    def pages(self, statement: str) -> Iterator[Rows]:
        """Yield the rows of a statement in pages."""
        at = "e.at" if self.is_sqlite else f"to_char(e.at AT TIME ZONE 'UTC', '{DAY}')"
        cursor = self._cursor(statement.replace("{at}", at))
        while page := cursor.fetchmany(PAGE):
            yield page
        cursor.close()

    def heads(self) -> Iterator[Head]:
        """Yield the checkpoints by size."""
        at = "signed_at" if self.is_sqlite else f"to_char(signed_at AT TIME ZONE 'UTC', '{DAY}')"
        for page in self.pages(HEADS.replace("{at}", at)):
            for size, root, note, batch, signed_at in page:
                time = f"{_text(signed_at).replace(' ', 'T')}+00:00"
                yield Head(size, root, _text(note), _text(batch), time)

    def nodes(self, level: int) -> Iterator[tuple[int, bytes]]:
        """Yield the kept hashes of a height by position."""
        for page in self.pages(NODES.replace("{level}", str(level))):
            yield from page

    def number(self, statement: str) -> int | None:
        """Return the one number that a statement asks for."""
        cursor = self.driver.cursor()
        cursor.execute(statement)
        (found,) = cursor.fetchone()
        cursor.close()
        return found

    def _cursor(self, statement: str) -> Any:
        if self.is_sqlite:
            return self.driver.execute(statement)
        self._names += 1
        cursor = self.driver.cursor(f"audit_{self._names}", binary=True)
        for name in ("text", "varchar"):
            cursor.adapters.register_loader(name, ByteaBinaryLoader)
        return cursor.execute(statement)


@contextmanager
def reading(connection: Connection) -> Iterator[Reader]:
    """Lend the driver's connection inside SQLAlchemy's transaction."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield Reader(driver, is_sqlite=False)
        return
    before = driver.text_factory
    driver.text_factory = bytes
    try:
        yield Reader(driver, is_sqlite=True)
    finally:
        driver.text_factory = before


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
