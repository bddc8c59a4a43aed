"""Proofs for the outside: that an entry stands in the sealed log, and that the log only grew."""

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from app import clock
from app.audit import tree
from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf
from app.audit.nodes import kept_row
from app.db import db

PAGE = 500  # entries asked for at once


class NoProof(LookupError):
    """There is nothing to prove: no such entry, or none that is sealed at this size."""


@dataclass(frozen=True)
class Inclusion:
    """That `canonical` stands at `seq` (from 0) in the log that the checkpoint signs."""

    event_id: int
    seq: int
    size: int
    canonical: str
    leaf: bytes
    root: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str

    def holds(self) -> bool:
        """Tell whether text, place and root fit; the checkpoint's signature is another matter."""
        leaf = tree.leaf_hash(self.canonical.encode())
        fits = tree.holds_entry(leaf, self.seq, self.size, self.hashes, self.root)
        return fits and leaf == self.leaf

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON; bytes are base64."""
        return _plain(asdict(self))


@dataclass(frozen=True)
class Consistency:
    """That the log of `size` entries begins with the log of `old` entries, unchanged."""

    old: int
    size: int
    old_root: bytes
    root: bytes
    hashes: tuple[bytes, ...]
    old_checkpoint: str
    checkpoint: str

    def holds(self) -> bool:
        """Tell whether the hashes lead from the old root to the new one."""
        return tree.grew(self.old, self.size, self.hashes, self.old_root, self.root)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON; bytes are base64."""
        return _plain(asdict(self))


def inclusion(event_id: int, size: int | None = None) -> Inclusion:
    """Prove that an entry is in the log of `size` entries (a checkpoint's), else the newest."""
    connection = db.session.connection()
    found = connection.execute(
        select(AuditLeaf.seq, AuditLeaf.leaf, AuditEvent.canonical)
        .join(AuditEvent, AuditEvent.id == AuditLeaf.event_id)
        .where(AuditLeaf.event_id == event_id)
    ).first()
    if found is None:
        raise NoProof(f"entry {event_id} is not sealed")
    head = _checkpoint(connection, size)
    if found.seq >= head.size:
        raise NoProof(f"entry {event_id} came after the checkpoint of {head.size}")
    hashes = tree.inclusion_proof(tree.nodes_over(kept_row(connection)), found.seq, head.size)
    return Inclusion(
        event_id=event_id, seq=found.seq, size=head.size, canonical=found.canonical,
        leaf=found.leaf, root=head.root, hashes=tuple(hashes), checkpoint=head.note,
    )  # fmt: skip


def inclusions(event_ids: Collection[int]) -> Iterator[Inclusion]:
    """Prove many entries against one checkpoint, the newest; neighbours share their hashes."""
    connection = db.session.connection()
    head = _checkpoint(connection, None)
    nodes = cache(tree.nodes_over(kept_row(connection)))
    for ids in _pages(sorted(event_ids)):
        rows = connection.execute(
            select(AuditLeaf.event_id, AuditLeaf.seq, AuditLeaf.leaf, AuditEvent.canonical)
            .join(AuditEvent, AuditEvent.id == AuditLeaf.event_id)
            .where(AuditLeaf.event_id.in_(ids), AuditLeaf.seq < head.size)
            .order_by(AuditLeaf.seq)
        ).all()
        if len(rows) != len(ids):
            raise NoProof("not all of these entries are sealed")
        for row in rows:
            hashes = tuple(tree.inclusion_proof(nodes, row.seq, head.size))
            found = (row.canonical, row.leaf, head.root, hashes, head.note)
            yield Inclusion(row.event_id, row.seq, head.size, *found)


def _pages(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + PAGE] for at in range(0, len(ids), PAGE))


def consistency(old: int, size: int | None = None) -> Consistency:
    """Prove that the checkpoint of `size` entries, else the newest, continues that of `old`."""
    connection = db.session.connection()
    before, head = _checkpoint(connection, old), _checkpoint(connection, size)
    if before.size > head.size:
        raise NoProof(f"the log of {head.size} entries is older than that of {before.size}")
    nodes = tree.nodes_over(kept_row(connection))
    return Consistency(
        old=before.size, size=head.size, old_root=before.root, root=head.root,
        hashes=tuple(tree.consistency_proof(nodes, before.size, head.size)),
        old_checkpoint=before.note, checkpoint=head.note,
    )  # fmt: skip


def consistencies(olds: Collection[int], size: int) -> Iterator[Consistency]:
    """Prove that the checkpoint of `size` entries continues each of these older ones."""
    connection = db.session.connection()
    head = _checkpoint(connection, size)
    nodes = cache(tree.nodes_over(kept_row(connection)))
    one = AuditCheckpoint
    for some in _pages(sorted(olds)):
        rows = connection.execute(
            select(one.size, one.root, one.note).where(one.size.in_(some)).order_by(one.size)
        )
        for row in rows:
            hashes = tuple(tree.consistency_proof(nodes, row.size, size))
            yield Consistency(row.size, size, row.root, head.root, hashes, row.note, head.note)


def last_of_each_day(since: datetime, below: int) -> list[int]:
    """The sizes of each day's last checkpoint (Asia/Shanghai), those under `below` entries."""
    one, found = AuditCheckpoint, dict[date, int]()
    rows = db.session.connection().execute(
        select(one.size, one.signed_at)
        .where(one.signed_at >= since, one.size < below)
        .order_by(one.size)
    )
    for size, at in rows:
        found[clock.day_of(at)] = size
    return list(found.values())


def _checkpoint(connection: Connection, size: int | None) -> Any:
    one = AuditCheckpoint
    chosen = select(one.size, one.root, one.note).order_by(one.size.desc()).limit(1)
    found = connection.execute(chosen if size is None else chosen.where(one.size == size)).first()
    if found is None:
        raise NoProof("there is no checkpoint of this size")
    return found


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in told.items()}


def _text(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [_text(one) for one in value] if isinstance(value, tuple) else value
