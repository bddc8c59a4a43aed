from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency, Evaluator
from app.db import Base

WAITS = text("decided_at IS NULL")


class YearlyConfirmation(Base):
    """An agency's administrator said that what stands in the register is true this year."""

    __tablename__ = "yearly_confirmation"
    __table_args__ = (UniqueConstraint("agency_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    confirmed_by: Mapped[User] = relationship()


class Outcome(StrEnum):
    """What became of a transfer that was asked for."""

    RELEASED = "released"
    REFUSED = "refused"


class Transfer(Base):
    """A practitioner goes to another agency: asked by the new one, released by the old one."""

    __tablename__ = "evaluator_transfer"
    __table_args__ = (
        Index(
            "uq_evaluator_transfer_open",
            "evaluator_id",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    to_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("evaluator.id"))

    evaluator: Mapped[Evaluator] = relationship(foreign_keys=[evaluator_id])
    to_agency: Mapped[Agency] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    successor: Mapped[Evaluator | None] = relationship(foreign_keys=[successor_id])

    @property
    def agency_id(self) -> int:
        """The policy's word for the agency that releases."""
        return self.evaluator.agency_id

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.decided_at is None
