"""The stored log as it streams from the database: pages of rows, texts as the bytes they are."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain, count, islice
from typing import Any

from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import Connection, Engine

from app.audit.checking import Block, Head

PAGE = 500  # rows: few enough to stay in the processor's cache
Rows = list[tuple[Any, ...]]

# What follows the place in the tree: the event itself, as checking.Row has it.
_EVENT = "e.xid, e.canonical, e.leaf, e.event, e.subject, e.scope, e.actor_id, {at}"
_SEALED = f"""SELECT l.seq, l.event_id, l.xid, l.leaf, {_EVENT}
 FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.seq"""  # noqa: S608 - our own words
_PLACES = "SELECT seq, event_id, xid, leaf FROM audit_leaf ORDER BY seq"
_EVENTS = f"SELECT e.id, {_EVENT} FROM audit_event e ORDER BY e.id"  # noqa: S608 - our own words
_WAITING = f"""SELECT e.id, {_EVENT} FROM audit_event e
 WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.event_id = e.id) ORDER BY e.id"""  # noqa: S608 - our own words
_HEADS = "SELECT size, root, note, batch, {signed_at} FROM audit_checkpoint ORDER BY size"
_NODES = "SELECT position, hash FROM audit_node WHERE level = {level} ORDER BY position"
_GONE = (None,) * 8
_numbers = count()  # for the names of cursors, which live until their transaction ends


class Reader:
    """Streams rows from the driver; a statement's rows come once and in order."""

    def __init__(self, driver: Any, *, is_sqlite: bool) -> None:
        self.driver, self.is_sqlite = driver, is_sqlite
        self.closing = ExitStack()  # nobody may be reading when the transaction ends

    def sealed(self) -> Iterator[Block]:
        """Yield the sealed entries by their place, each with its event or nothing."""
        if not self.is_sqlite:
            return self._merged()
        return (tuple(zip(*page, strict=True)) for page in self._pages(_SEALED))

    def waiting(self) -> Iterator[tuple[Any, ...]]:
        """Yield the events that no seal took in, by id."""
        return chain.from_iterable(self._pages(_WAITING))

    def heads(self) -> Iterator[Head]:
        """Yield the checkpoints by size."""
        for size, root, note, batch, signed_at in chain.from_iterable(self._pages(_HEADS)):
            time = f"{_text(signed_at).replace(' ', 'T')}+00:00"
            yield Head(size, root, _text(note), _text(batch), time)

    def nodes(self, level: int) -> Iterator[tuple[int, bytes]]:
        """Yield the kept hashes of a height by position."""
        return chain.from_iterable(self._pages(_NODES.replace("{level}", str(level))))

    def number(self, statement: str) -> int | None:
        """Return the one number that a statement asks for."""
        cursor = self.driver.cursor()
        cursor.execute(statement)
        (found,) = cursor.fetchone()
        cursor.close()
        return found

    def _merged(self) -> Iterator[Block]:
        """Join places and events here: PostgreSQL would sort or look up a million wide rows.

        Ids rise along the tree but for late commits, so both streams run side by side; what came
        before its place (or waits for its seal) is kept until then.
        """
        events = chain.from_iterable(self._ahead(_EVENTS))
        early: dict[int, tuple[Any, ...]] = {}
        for page in self._pages(_PLACES):
            places = tuple(zip(*page, strict=True))
            found = list(islice(events, len(page))) if not early else []
            ids, *told = zip(*found, strict=True) if found else ((),)
            if ids == places[1]:
                yield (*places, *told)
                continue
            early.update((event[0], event[1:]) for event in found)
            joined = [_pulled(key, early, events) for key in places[1]]
            yield (*places, *zip(*joined, strict=True))

    def _ahead(self, statement: str) -> Iterator[Rows]:
        """Let the server make the next page while this one is checked."""
        pages = self._pages(statement)
        other = self.closing.enter_context(ThreadPoolExecutor(1))
        coming: Future[Rows] = other.submit(next, pages, [])
        while page := coming.result():
            coming = other.submit(next, pages, [])
            yield page

    def _pages(self, statement: str) -> Iterator[Rows]:
        cursor = self._cursor(statement)
        while page := cursor.fetchmany(PAGE):
            yield page
        cursor.close()

    def _cursor(self, statement: str) -> Any:
        for name in ("at", "signed_at"):
            statement = statement.replace(f"{{{name}}}", self._time(name))
        if self.is_sqlite:
            return self.driver.execute(statement)
        cursor = self.driver.cursor(f"audit_{next(_numbers)}", binary=True)
        for kind in ("text", "varchar"):
            cursor.adapters.register_loader(kind, ByteaBinaryLoader)
        return cursor.execute(statement)

    def _time(self, column: str) -> str:
        """Both databases tell a time as SQLite stores it, to the microsecond."""
        if self.is_sqlite:
            return column
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def _pulled(
    key: int, early: dict[int, tuple[Any, ...]], events: Iterator[tuple[Any, ...]]
) -> tuple[Any, ...]:
    """Take an event from those that came early, or read on until its id is passed."""
    while key not in early and (event := next(events, None)) is not None:
        early[event[0]] = event[1:]
        if event[0] > key:
            break
    return early.pop(key, _GONE)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open the database as it stands at this moment; writers and the sealer go on meanwhile."""
    on_server = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if on_server else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def reading(connection: Connection) -> Iterator[Reader]:
    """Lend the driver's connection inside SQLAlchemy's transaction."""
    driver: Any = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        driver.execute("SET LOCAL enable_sort = off")  # by index: the first page comes at once
        reader = Reader(driver, is_sqlite=False)
        with reader.closing:
            yield reader
        return
    before = driver.text_factory
    driver.text_factory = bytes
    try:
        yield Reader(driver, is_sqlite=True)
    finally:
        driver.text_factory = before


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
