"""The kept hashes of the sealed tree, read from the database."""

from sqlalchemy import Connection, select

from app.audit.models import AuditCheckpoint, AuditLeaf, AuditNode
from app.audit.tree import Row


def kept_row(connection: Connection) -> Row:
    """Return the reader of leaves (height 0) and of kept subtrees."""

    def row(level: int, low: int, high: int) -> list[bytes]:
        if level == 0:
            wanted = select(AuditLeaf.leaf).where(AuditLeaf.seq >= low, AuditLeaf.seq < high)
            return list(connection.scalars(wanted.order_by(AuditLeaf.seq)))
        place = AuditNode.position
        nodes = select(AuditNode.hash).where(AuditNode.level == level, place >= low, place < high)
        return list(connection.scalars(nodes.order_by(place)))

    return row


def latest_checkpoint(connection: Connection) -> tuple[int, bytes, str, str] | None:
    """Return size, root, note and batch statement of the newest checkpoint."""
    one = AuditCheckpoint
    newest = select(one.size, one.root, one.note, one.batch).order_by(one.size.desc()).limit(1)
    found = connection.execute(newest).first()
    return None if found is None else (found.size, found.root, found.note, found.batch)
