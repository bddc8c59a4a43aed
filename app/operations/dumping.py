"""A whole database as lines of JSON, the same from SQLite and from PostgreSQL, and back again.

So a district that began on one machine can go on under PostgreSQL. The way back is closed: the
log's ids have gaps there, and on SQLite a gap is a removed entry.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, func, insert, select, text
from sqlalchemy import update as change

ROWS = 500
VERSION = "alembic_version"
Line = dict[str, Any] | list[Any]


def tables_of(connection: Connection) -> list[Table]:
    """Every table of the portal, each after those that it refers to; no index of a search."""
    found = MetaData()
    found.reflect(connection)
    virtual = _indexes(connection)
    parts = tuple(f"{name}_" for name in virtual)
    return [
        table
        for table in found.sorted_tables
        if table.name not in {VERSION, *virtual} and not table.name.startswith(parts)
    ]


def _indexes(connection: Connection) -> list[str]:
    """The full-text indexes of SQLite: they hold nothing that isn't in a table."""
    if connection.dialect.name != "sqlite":
        return []
    asked = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    return list(connection.scalars(text(asked)))


def dump(connection: Connection, tables: Sequence[Table]) -> Iterator[Line]:
    """Yield a head for each table, then its rows as lists, by its key; constant memory."""
    for table in tables:
        columns = [column for column in table.columns if column.computed is None]
        yield {"table": table.name, "columns": [column.name for column in columns]}
        query = select(*columns).order_by(*table.primary_key.columns)
        rows = connection.execution_options(yield_per=ROWS).execute(query)
        for row in rows:
            yield [plain(value) for value in row]


def plain(value: object) -> object:
    """A value as JSON knows it; what it doesn't know says its kind by a letter."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime):
        return {"t": (value.astimezone(UTC) if value.tzinfo else value).isoformat()[:26]}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return {"j": value}


def value_of(told: object, *, aware: bool) -> object:
    """The value again; PostgreSQL's times know their zone, SQLite's don't."""
    if not isinstance(told, dict):
        return told
    ((kind, value),) = told.items()
    if kind == "t":
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if aware else moment
    if kind == "b":
        return base64.b64decode(value)
    if kind == "d":
        return date.fromisoformat(value)
    return Decimal(value) if kind == "n" else value


def load(connection: Connection, lines: Iterable[Line]) -> dict[str, int]:
    """Fill a migrated database with what was dumped, in place of what it holds; counts by table."""
    tables = {table.name: table for table in tables_of(connection)}
    counts: dict[str, int] = {}
    with _without_guards(connection, list(tables)):
        for table in reversed(tables.values()):
            connection.execute(table.delete())
        for head, rows in _by_table(lines):
            table = tables[head["table"]]
            counts[table.name] = _fill(connection, table, head["columns"], rows)
        _go_on_counting(connection, tables)
        for name in _indexes(connection):  # whose triggers stood aside with the guards
            asked = f"INSERT INTO {name} ({name}) VALUES ('rebuild')"  # noqa: S608 - our own name
            connection.exec_driver_sql(asked)
        if connection.dialect.name == "postgresql" and "audit_event" in tables:
            connection.execute(text(_OPEN_ENTRIES))
    return counts


# Rows that no seal took in belong to this server's transactions from now on.
_OPEN_ENTRIES = """UPDATE audit_event e SET xid = pg_current_xact_id()::text::bigint
 WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.event_id = e.id)"""


def _by_table(lines: Iterable[Line]) -> Iterator[tuple[dict[str, Any], Iterator[list[Any]]]]:
    """Cut the lines at the heads; each part must be read before the next is asked for."""
    coming = iter(lines)
    head = next(coming, None)
    while isinstance(head, dict):
        after: list[Line] = []

        def rows(after: list[Line] = after) -> Iterator[list[Any]]:
            for line in coming:
                if isinstance(line, dict):
                    after.append(line)
                    return
                yield line

        yield head, rows()
        head = after[0] if after else None


def _fill(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterator[list[Any]]
) -> int:
    aware = connection.dialect.name == "postgresql"
    own = [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    count = 0
    while some := list(islice(rows, ROWS)):
        values = [
            dict(zip(names, (value_of(one, aware=aware) for one in row), strict=True))
            for row in some
        ]
        _add(connection, table, own, values)
        count += len(values)
    return count


def _add(
    connection: Connection, table: Table, own: Sequence[Column[Any]], values: list[dict[str, Any]]
) -> None:
    """Add rows; what refers to rows of the same table is told when all of them are there."""
    later = {column.name for column in own}
    first = [{name: None if name in later else row[name] for name in row} for row in values]
    connection.execute(insert(table), first)
    if own:
        (key,) = table.primary_key.columns
        told: dict[str, Any] = {column.name: bindparam(f"to_{column.name}") for column in own}
        connection.execute(
            change(table).where(key == bindparam("of_key")).values(told),
            [{"of_key": row[key.name], **{f"to_{n}": row[n] for n in later}} for row in values],
        )


@contextmanager
def _without_guards(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Only a restore writes what the guards refuse; afterwards they stand as they stood."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = [(row.name, row.sql) for row in connection.execute(text(asked))]
        for name, _sql in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)
        return
    quote = connection.dialect.identifier_preparer.quote
    asked = (
        "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relname = ANY(:names)"
    )
    kept = connection.execute(text(asked), {"names": list(tables)}).all()
    for name in tables:
        connection.exec_driver_sql(f"ALTER TABLE {quote(name)} DISABLE TRIGGER USER")
    yield
    for table, trigger, state in kept:
        how = {"A": "ENABLE ALWAYS", "O": "ENABLE", "R": "ENABLE REPLICA"}.get(_text(state))
        if how:
            connection.exec_driver_sql(f"ALTER TABLE {quote(table)} {how} TRIGGER {quote(trigger)}")


def _go_on_counting(connection: Connection, tables: Mapping[str, Table]) -> None:
    """The next number of each table comes after the last one that was loaded."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            asked = text("SELECT pg_get_serial_sequence(:table, :column)")
            names = {"table": f'"{table.name}"', "column": column.name}
            if sequence := connection.scalar(asked, names):
                last = connection.scalar(select(func.max(column)))
                connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def read(lines: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a dump."""
    return (json.loads(line) for line in lines)


def written(line: Line) -> bytes:
    """One line as it is stored."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
