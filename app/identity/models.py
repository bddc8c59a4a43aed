from datetime import datetime
from typing import Any

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

LIVING = text("ended_at IS NULL")
WAITING = text("done_at IS NULL AND refused_at IS NULL")


class SecondFactor(Base):
    """What a person's authenticator and the portal both know; the secret is sealed at rest."""

    __tablename__ = "second_factor"
    __table_args__ = (
        Index(
            "uq_second_factor_user_id",
            "user_id",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sealed_secret: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int] = mapped_column(default=0)  # a code that was used is used up
    confirmed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One way in without the authenticator, once; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("factor_id", "code_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("second_factor.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """One sign-in of a person: from where, with what, since when; it can be ended alone."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_user_id_id", "user_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    stamp: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DangerousAct(Base):
    """What one person asked for and another must confirm before the portal does it."""

    __tablename__ = "dangerous_act"
    __table_args__ = (
        CheckConstraint(
            "decider_id IS NULL OR decider_id <> asker_id OR refused_at IS NOT NULL",
            name="two_people",
        ),
        Index(
            "uq_dangerous_act_kind",
            "kind",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    asker_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    refused_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))

    asker: Mapped[User] = relationship(foreign_keys=[asker_id])
    decider: Mapped[User | None] = relationship(foreign_keys=[decider_id])


class SignOnLink(Base):
    """Whom the single sign-on means by a subject; linked and ended by an administrator."""

    __tablename__ = "sign_on_link"
    __table_args__ = (
        Index(
            "uq_sign_on_link_issuer_subject",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        Index(
            "uq_sign_on_link_user_id_issuer",
            "user_id",
            "issuer",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
