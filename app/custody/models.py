from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.identity.models import DangerousAct


class Wrong(StrEnum):
    """What can be wrong with the store."""

    ROTTEN = "rotten"  # the bytes are not those of the name
    LOST = "lost"  # a record names it, and it is not there
    STRANGER = "stranger"  # it is there, and no record names it
    HIDDEN = "hidden"  # deleted behind the portal's back; the version below is still there
    MISSING = "missing"  # the very version that was archived is gone
    OVERWRITTEN = "overwritten"  # somebody put another version upon an archived one
    UNLOCKED = "unlocked"  # an archived version is no longer locked as it was
    HANDSHAKE = "handshake"  # the bucket does not refuse what it must refuse


class StoreProof(Base):
    """One handshake with the store: what was tried, and what it refused."""

    __tablename__ = "store_proof"
    id: Mapped[int] = mapped_column(primary_key=True)
    tried_at: Mapped[datetime]
    is_ok: Mapped[bool]
    failed: Mapped[list[str]] = mapped_column(JSON)
    said: Mapped[dict[str, str]] = mapped_column(JSON)  # the server's own words


class StoreCheck(Base):
    """One comparison of the records with the store."""

    __tablename__ = "store_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    is_full: Mapped[bool]
    files: Mapped[int]
    wrong: Mapped[int]


class StoreAlarm(Base):
    """One thing that is wrong, from the look that found it to the look that no longer does."""

    __tablename__ = "store_alarm"
    __table_args__ = (
        Index(
            "uq_store_alarm_open",
            "wrong",
            "name",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    wrong: Mapped[Wrong]
    name: Mapped[str] = mapped_column(String(200))  # the key in the store
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class RetentionLock(Base):
    """That a file of an archived engagement stays until then, and what the store made of it."""

    __tablename__ = "retention_lock"
    __table_args__ = (UniqueConstraint("engagement_id", "store_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    store_key: Mapped[str] = mapped_column(String(200), index=True)
    until: Mapped[datetime]
    is_permanent: Mapped[bool]
    asked_at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(200), default="")  # the store's name of it
    applied_until: Mapped[datetime | None]  # what the store's own headers told afterwards
    is_held: Mapped[bool] = mapped_column(default=False)  # the same of the legal hold

    engagement: Mapped[Engagement] = relationship()


class LegalHold(Base):
    """Nothing of this engagement may go, whatever its time: asked by one, confirmed by another."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> asked_by_id", name="confirmed_by_another"),
        CheckConstraint("released_by_id <> release_asked_by_id", name="released_by_another"),
        Index(
            "uq_legal_hold_open",
            "engagement_id",
            unique=True,
            sqlite_where=text("released_at IS NULL AND refused_at IS NULL"),
            postgresql_where=text("released_at IS NULL AND refused_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    refused_at: Mapped[datetime | None]
    release_reason: Mapped[str] = mapped_column(Text, default="")
    release_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    release_asked_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    release_asked_by: Mapped[User | None] = relationship(foreign_keys=[release_asked_by_id])
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])

    @property
    def asker_id(self) -> int:
        """Who asked for what waits now; another decides."""
        return self.release_asked_by_id or self.asked_by_id

    @property
    def binds(self) -> bool:
        """Whether it is in force: confirmed, and not yet released."""
        return self.confirmed_at is not None and self.released_at is None


class Purge(Base):
    """One list of files whose time is over (销毁清册), as it was asked for; never changed."""

    __tablename__ = "purge"
    __table_args__ = (CheckConstraint("files > 0", name="files_counted"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("dangerous_act.id"), unique=True)
    listed_at: Mapped[datetime]
    files: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # of the list; the log has it too

    act: Mapped[DangerousAct] = relationship(lazy="joined", innerjoin=True)


class PurgedFile(Base):
    """One file of such a list: destroyed, or kept because its standing had changed meanwhile."""

    __tablename__ = "purged_file"
    __table_args__ = (
        UniqueConstraint("purge_id", "sha256"),
        Index("ix_purged_file_sha256", "sha256"),
        CheckConstraint("destroyed_at IS NULL OR kept_at IS NULL", name="one_end"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    purge_id: Mapped[int] = mapped_column(ForeignKey("purge.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    until: Mapped[datetime]  # when its class ended
    destroyed_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()
    purge: Mapped[Purge] = relationship()
