from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigKey


class AuditEvent(Base):
    """What happened, as it was told. Rows are only ever added; nothing points a cascade here."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject_id", "subject", "id"),
        Index("ix_audit_event_scope_id", "scope", "id"),
        Index("ix_audit_event_actor_id_id", "actor_id", "id"),
        Index("ix_audit_event_event_id", "event", "id"),
        {"sqlite_autoincrement": True},  # an id is never used twice
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    # PostgreSQL's transaction, filled by the server: it tells the sealer whether others may
    # still add rows before this one. NULL on SQLite, which has one writer at a time.
    xid: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue(), index=True)
    canonical: Mapped[str] = mapped_column(Text)  # the exact text that is hashed
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))
    # The rest only repeats what `canonical` says, for queries; verification compares them.
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str | None] = mapped_column(String(120))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]


class AuditLeaf(Base):
    """The place of an event in the sealed tree."""

    __tablename__ = "audit_leaf"
    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    xid: Mapped[int | None] = mapped_column(BigInteger)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditNode(Base):
    """The hash of a complete subtree of height 8, 16, 24 …: proofs need not read every leaf."""

    __tablename__ = "audit_node"
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditCheckpoint(Base):
    """A signed tree head, and the signed statement of which rows the seal took in."""

    __tablename__ = "audit_checkpoint"
    size: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    batch: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
