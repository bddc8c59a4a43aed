"""The stored log as it streams from the database: pages of rows, texts as the bytes they are."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, count
from typing import Any

from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import Connection, Engine

from app.audit.checking import Head
from app.audit.rows import Block

PAGE = 250  # rows: few enough to stay in the processor's cache
AHEAD = 12  # pages that are asked for before they are needed
Rows = list[tuple[Any, ...]]

# What follows the place in the tree: the event itself, as rows.Row has it.
_EVENT = "e.xid, e.canonical, e.leaf, e.event, e.subject, e.scope, e.actor_id, {at}"
_SEALED = f"""SELECT l.seq, l.event_id, l.xid, l.leaf, {_EVENT}
 FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.seq"""  # noqa: S608 - our own words
_PLACES = "SELECT seq, event_id, xid, leaf FROM audit_leaf ORDER BY seq"
# On the server the columns are put together to the two ends of the text that they must make
# (rows.FRAME): there are fewer values to carry, and a page of them is compared at once.
_FRAME = """'{"actor":' || coalesce(e.actor_id::text, 'null')
 || ',"at":"' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
 || '+00:00","event":"' || e.event || '","facts":{',
 ',"scope":' || coalesce('"' || e.scope || '"', 'null')
 || ',"subject":"' || e.subject || '","v":1}'"""
_FRAMED = f"SELECT e.id, e.xid, e.canonical, e.leaf, {_FRAME} FROM audit_event e ORDER BY e.id"  # noqa: S608 - our own words
_WAITING = f"""SELECT e.id, {_EVENT} FROM audit_event e
 WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.event_id = e.id) ORDER BY e.id"""  # noqa: S608 - our own words
_HEADS = "SELECT size, root, note, batch, {signed_at} FROM audit_checkpoint ORDER BY size"
_NODES = "SELECT position, hash FROM audit_node WHERE level = {level} ORDER BY position"
_GONE = (None,) * 5
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
        early: dict[int, tuple[Any, ...]] = {}
        late: deque[tuple[Any, ...]] = deque()  # pages of places whose events were not read yet
        for page, found in self._ahead():
            places = tuple(zip(*page, strict=True)) if page else ((), (), (), ())
            ids, *told = zip(*found, strict=True) if found else ((),)
            if ids == places[1] and not early and not late:
                yield (*places, *told)
                continue
            early.update((event[0], event[1:]) for event in found)
            late.append(places)
            while late and (not found or max(late[0][1], default=0) <= ids[-1]):
                yield _joined(late.popleft(), early)
        yield from (_joined(places, early) for places in late)

    def _ahead(self) -> Iterator[tuple[Rows, Rows]]:
        """Let the server make the next pages while these are checked.

        They are asked for before they are needed (the driver's pipeline), not by a thread: a
        thread waits for the interpreter, which is busy checking, and the server idles meanwhile.
        """
        self.closing.enter_context(self.driver.pipeline())
        streams = self._declared(_PLACES), self._declared(_FRAMED)
        coming = deque([self._asked(name, self._cursor()) for name in streams * AHEAD])
        while True:
            both = coming.popleft(), coming.popleft()
            page, found = (cursor.fetchall() for cursor in both)
            if not page and not found:
                return
            coming.extend(map(self._asked, streams, both))
            yield page, found

    def _pages(self, statement: str) -> Iterator[Rows]:
        if self.is_sqlite:
            cursor = self.driver.execute(self._spoken(statement))
            while page := cursor.fetchmany(PAGE):
                yield page
            cursor.close()
            return
        name, cursor = self._declared(statement), self._cursor()
        while page := self._asked(name, cursor).fetchall():
            yield page

    def _declared(self, statement: str) -> str:
        """Begin to read on PostgreSQL; the name stands until the transaction ends."""
        name = f"audit_{next(_numbers)}"
        words = f"DECLARE {name} NO SCROLL CURSOR FOR {self._spoken(statement)}"
        self.driver.cursor().execute(words, prepare=False)
        return name

    def _asked(self, name: str, cursor: Any) -> Any:
        """Ask for the next page; it is in the cursor when it is fetched."""
        return cursor.execute(f"FETCH {PAGE} FROM {name}", prepare=False)

    def _cursor(self) -> Any:
        cursor = self.driver.cursor(binary=True)
        for kind in ("text", "varchar"):
            cursor.adapters.register_loader(kind, ByteaBinaryLoader)
        return cursor

    def _spoken(self, statement: str) -> str:
        for name in ("at", "signed_at"):
            statement = statement.replace(f"{{{name}}}", self._time(name))
        return statement

    def _time(self, column: str) -> str:
        """Both databases tell a time as SQLite stores it, to the microsecond."""
        if self.is_sqlite:
            return column
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def _joined(places: tuple[Any, ...], early: dict[int, tuple[Any, ...]]) -> Block:
    """Give each place its event; a place without one goes on, and is told where it is checked."""
    found = [early.pop(key, _GONE) for key in places[1]]
    return (*places, *(zip(*found, strict=True) if found else [()] * len(_GONE)))


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
