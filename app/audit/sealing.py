"""The one sealer: it puts committed entries into the tree and signs the tree's new head."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    String,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from app import clock
from app.audit.batch import START, Batch, chained, read_batch
from app.audit.canonical import stamp
from app.audit.checkpoint import Checkpoint, Signer, split
from app.audit.keys import seal_signer
from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf, AuditNode
from app.audit.nodes import kept_row, latest_checkpoint
from app.audit.tree import Frontier, Gap
from app.db import db

LOCK = 43  # PostgreSQL's advisory lock of whoever seals
MOST_ROWS = 20_000


class Damaged(Exception):
    """The tree that is stored is not the one that was signed last; nothing is sealed on top."""


@dataclass(frozen=True)
class Seal:
    """A signed tree head, and how many entries it added."""

    size: int
    root: bytes
    note: str
    added: int


@dataclass(frozen=True)
class _Head:
    frontier: Frontier
    chain: bytes
    horizon: int


def seal(signer: Signer | None = None, *, thorough: bool = False) -> Seal | None:
    """Seal the committed entries that are not yet in the tree; None where there are none.

    Call it inside transaction(). At most MOST_ROWS are taken at once; call again while `added`
    is that many. Entries go in by id. `thorough` looks at the whole log instead of the rows since
    the last seal: after a start, and after a restore into another server.
    """
    connection = db.session.connection()
    if not _alone(connection):
        return None
    signer = signer or seal_signer()
    head = _head(connection)
    horizon = _finished(connection)
    floor = 0 if thorough or head.horizon > horizon else head.horizon
    rows = _add_leaves(connection, head.frontier.size, _unsealed(connection, floor, horizon))
    if not rows:
        return None
    if len(rows) == MOST_ROWS:
        horizon = floor  # more may be waiting below it
    return _sign(connection, signer, _Head(head.frontier, head.chain, horizon), rows)


def overdue(before: datetime) -> list[int]:
    """Return entries older than a moment that no seal took in: the sealer stands still.

    Looks at the newest entries only, for the health check; verification looks at all.
    """
    recent = select(func.coalesce(func.max(AuditEvent.id), 0) - MOST_ROWS).scalar_subquery()
    waiting = select(AuditEvent.id).where(
        AuditEvent.id > recent, AuditEvent.at < before, ~_is_sealed()
    )
    return list(db.session.scalars(waiting.order_by(AuditEvent.id).limit(20)))


def _is_sealed() -> ColumnElement[bool]:
    return exists().where(AuditLeaf.event_id == AuditEvent.id)


def _alone(connection: Connection) -> bool:
    """Take the sealer's lock until the end of the transaction; SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return True
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


def _head(connection: Connection) -> _Head:
    """Return the tree as it was signed last, and make sure that it is the one stored."""
    last = latest_checkpoint(connection)
    size, root, batch = (last[0], last[1], last[3]) if last else (0, None, None)
    top = connection.scalar(select(func.max(AuditLeaf.seq)))
    if size != (0 if top is None else top + 1):
        raise Damaged(f"{size} entries were signed, but the tree ends at {top}")
    try:
        frontier = Frontier.resumed(size, kept_row(connection))
    except Gap as gap:
        raise Damaged(str(gap)) from gap
    if batch is None:
        return _Head(frontier, START, 0)
    if frontier.root() != root:
        raise Damaged(f"the first {size} entries have another root than the signed one")
    told = read_batch(split(batch)[0])
    return _Head(frontier, told.chain, told.horizon)


def _as_number(xid: ColumnElement[object]) -> ColumnElement[int]:
    return cast(cast(xid, String), BigInteger)


def _finished(connection: Connection) -> int:
    """Return the transaction below which all are over, so that none can add a row any more."""
    if connection.dialect.name == "sqlite":
        return 0
    xmin = _as_number(func.pg_snapshot_xmin(func.pg_current_snapshot()))
    return connection.execute(select(xmin)).scalar_one()


def _unsealed(connection: Connection, floor: int, horizon: int) -> ColumnElement[bool]:
    """Return the condition for what is to be sealed now.

    SQLite: one writer at a time, so ids are committed in order and whatever follows the newest
    sealed id is new. PostgreSQL: ids are drawn before they are committed, so a lower id may turn
    up later. What decides is the transaction: all below `horizon` (xmin of the snapshot) are over
    and everything that they wrote is visible, so after a seal no unsealed row is left below its
    horizon, and none can ever appear there. The next seal therefore looks at xid >= that horizon
    only, by index. A row from a restored dump may bear a transaction that this server has not
    reached; such a row is visible, hence committed, and is taken as well.
    """
    if connection.dialect.name == "sqlite":
        newest = select(func.coalesce(func.max(AuditLeaf.event_id), 0)).scalar_subquery()
        return AuditEvent.id > newest
    snapshot = func.pg_current_snapshot()
    own = func.coalesce(_as_number(func.pg_current_xact_id_if_assigned()), 0)
    foreign = and_(
        AuditEvent.xid >= _as_number(func.pg_snapshot_xmax(snapshot)), AuditEvent.xid != own
    )
    finished = and_(AuditEvent.xid >= floor, AuditEvent.xid < horizon)
    return and_(or_(finished, foreign), ~_is_sealed())


def _add_leaves(
    connection: Connection, size: int, wanted: ColumnElement[bool]
) -> list[tuple[int, int, int | None, bytes]]:
    """Give the wanted events their places from `size` on; return (seq, event, xid, leaf)."""
    chosen = select(AuditEvent.id, AuditEvent.xid, AuditEvent.leaf).where(wanted)
    new = chosen.order_by(AuditEvent.id).limit(MOST_ROWS).subquery()
    place = literal(size - 1) + func.row_number().over(order_by=new.c.id)
    leaf = AuditLeaf
    added = (
        insert(leaf)
        .from_select(
            ["seq", "event_id", "xid", "leaf"], select(place, new.c.id, new.c.xid, new.c.leaf)
        )
        .returning(leaf.seq, leaf.event_id, leaf.xid, leaf.leaf)
    )
    return sorted((row.seq, row.event_id, row.xid, row.leaf) for row in connection.execute(added))


def _sign(
    connection: Connection,
    signer: Signer,
    head: _Head,
    rows: list[tuple[int, int, int | None, bytes]],
) -> Seal:
    _seqs, ids, xids, leaves = zip(*rows, strict=True)
    frontier = head.frontier
    nodes = frontier.extend(leaves)
    if nodes:
        names = ("level", "position", "hash")
        connection.execute(
            insert(AuditNode), [dict(zip(names, node, strict=True)) for node in nodes]
        )
    now, size, root = clock.now(), frontier.size, frontier.root()
    note = signer.sign(Checkpoint(signer.name, size, root).text())
    batch = Batch(signer.name, size, chained(head.chain, ids, xids), stamp(now), head.horizon)
    connection.execute(
        insert(AuditCheckpoint).values(
            size=size, root=root, note=note, batch=signer.sign(batch.text()), signed_at=now
        )
    )
    return Seal(size, root, note, len(rows))
