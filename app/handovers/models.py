from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base

OPEN = text("done_at IS NULL AND ended_at IS NULL")


class Handover(Base):
    """工作交接: one person's open work goes to another, once both sides have confirmed."""

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("giver_id <> taker_id", name="two_people"),
        Index(
            "uq_handover_giver_id",
            "giver_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_handover_taker_id", "taker_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    giver_confirmed_at: Mapped[datetime | None]
    taker_confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # declined or withdrawn
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # numbers by kind

    giver: Mapped[User] = relationship(foreign_keys=[giver_id], lazy="joined", innerjoin=True)
    taker: Mapped[User] = relationship(foreign_keys=[taker_id], lazy="joined", innerjoin=True)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody still has to confirm it."""
        return self.done_at is None and self.ended_at is None


class Deputyship(Base):
    """代理: who acts for somebody during leave, from the first day to the last, both included."""

    __tablename__ = "deputyship"
    __table_args__ = (
        CheckConstraint("principal_id <> deputy_id", name="two_people"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_deputyship_deputy_id", "deputy_id", "ends_on"),
        Index("ix_deputyship_principal_id", "principal_id", "ends_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # before its time

    principal: Mapped[User] = relationship(
        foreign_keys=[principal_id], lazy="joined", innerjoin=True
    )
    deputy: Mapped[User] = relationship(foreign_keys=[deputy_id], lazy="joined", innerjoin=True)

    def holds_on(self, day: date) -> bool:
        """Whether the deputy may act on that day."""
        return self.ended_at is None and self.starts_on <= day <= self.ends_on
