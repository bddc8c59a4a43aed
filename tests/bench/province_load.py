"""The fast loader: a province's rows into an empty, migrated PostgreSQL, sealed as the portal seals.

Indexes are dropped before and made again afterwards; keys of other tables aren't looked up.
"""

import time
from collections.abc import Iterator

from sqlalchemy import Connection, insert, select, text

from app import clock
from app.audit import sealing
from app.audit.batch import START, Batch, chained
from app.audit.canonical import stamp
from app.audit.checkpoint import Checkpoint
from app.audit.keys import seal_signer
from app.audit.models import AuditCheckpoint, AuditLeaf, AuditNode
from app.audit.tree import Frontier
from app.db import db, transaction
from tests.bench.province_rows import STEPS, Size

INDEXES = """SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = :t
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"""
LEAVES = """INSERT INTO audit_leaf (seq, event_id, xid, leaf)
  SELECT row_number() OVER (ORDER BY id) - 1, id, xid, leaf FROM audit_event"""


def load(size: Size, *, said=print) -> None:
    """Fill the empty, migrated database of the app whose context is open."""
    began, names = time.monotonic(), size.names()
    assert db.engine.dialect.name == "postgresql", "the province is PostgreSQL's"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("synchronous_commit = off", "session_replication_role = replica",
                        "maintenance_work_mem = '1GB'", "work_mem = '256MB'"):  # fmt: skip
            connection.exec_driver_sql(f"SET {setting}")
        again = _bare(connection)
        for table, statement in STEPS:
            _step(connection, table, _escaped(statement.format(**names)), said)
        _step(connection, "audit_leaf", LEAVES, said)
        for statement in again:
            name = statement.partition(" INDEX ")[2].partition(" ")[0]
            _step(connection, name, statement, said)
        for table in {table for table, _statement in STEPS}:
            _go_on(connection, table)
        connection.exec_driver_sql("VACUUM ANALYZE")
    with transaction():
        seal()
    said(f"  loaded and sealed in {time.monotonic() - began:.0f} s")


def _step(connection: Connection, name: str, statement: str, said) -> None:
    before = time.monotonic()
    added = connection.execute(text(statement)).rowcount
    said(f"  {name:40} {max(added, 0):>10} rows {time.monotonic() - before:7.1f} s", flush=True)


def _bare(connection: Connection) -> list[str]:
    """Drop what slows the loading down; return the statements that make it again."""
    again = []
    for table in dict.fromkeys(table for table, _statement in STEPS):
        for name, definition in connection.execute(text(INDEXES), {"t": table}).all():
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
            again.append(definition)
    return again


def seal() -> None:
    """What the portal's sealer does with as many entries, without looking for them by batches."""
    connection, signer = db.session.connection(), seal_signer()
    frontier, chain, heads = Frontier(), START, []
    for ids, xids, leaves in _batches(connection):
        nodes = frontier.extend(leaves)
        if nodes:
            names = ("level", "position", "hash")
            rows = [dict(zip(names, node, strict=True)) for node in nodes]
            connection.execute(insert(AuditNode), rows)
        chain, now = chained(chain, ids, xids), clock.now()
        batch = Batch(signer.name, frontier.size, chain, stamp(now), 0)
        root = frontier.root()
        note = signer.sign(Checkpoint(signer.name, frontier.size, root).text())
        heads.append({"size": frontier.size, "root": root, "note": note,
                      "batch": signer.sign(batch.text()), "signed_at": now})  # fmt: skip
    connection.execute(insert(AuditCheckpoint), heads)


def _batches(connection: Connection) -> Iterator[tuple[list, list, list]]:
    """The leaves in their order, as many at once as the sealer takes."""
    leaf, most, start = AuditLeaf, sealing.MOST_ROWS, 0
    chosen = select(leaf.event_id, leaf.xid, leaf.leaf).order_by(leaf.seq)
    while rows := connection.execute(
        chosen.where(leaf.seq >= start, leaf.seq < start + most)
    ).all():
        yield tuple(list(column) for column in zip(*rows, strict=True))
        start += most


def _escaped(statement: str) -> str:
    """No colon of the data is a parameter."""
    return statement.replace("::", "\x01").replace(":", "\\:").replace("\x01", "::")


def _go_on(connection, table: str) -> None:
    """The table's own numbers go on after those that were given."""
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:t, 'id') WHERE EXISTS (SELECT FROM"
             " information_schema.columns WHERE table_name = :t AND column_name = 'id')"),
        {"t": table},
    )  # fmt: skip
    if sequence:
        connection.exec_driver_sql(
            f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 1) FROM {table}))"
        )
