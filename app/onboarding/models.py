from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.encrypted import EncryptedText


class ActivationCode(Base):
    """A printed one-time code with which a person sets the password; only its digest is kept."""

    __tablename__ = "activation_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]  # a later slip took its place

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class LedgerImport(Base):
    """A large ledger that was sent in: who sent it, and what became of it."""

    __tablename__ = "ledger_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    ledger: Mapped[str] = mapped_column(String(40), index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # In base64, and gone as soon as it was taken or refused.
    workbook: Mapped[str | None] = mapped_column(
        EncryptedText("ledger_import.workbook"), deferred=True
    )
    rows: Mapped[int] = mapped_column(default=0)  # that were taken
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    faults: Mapped[list[Any]] = mapped_column(JSON, deferred=True)  # row, column and words of each

    asked_by: Mapped[User] = relationship()

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is being taken in."""
        return self.done_at is None and self.failed_at is None
