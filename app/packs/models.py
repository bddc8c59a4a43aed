from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.procurement.models import Need


class DecisionPack(Base):
    """A pack that somebody asked for: how far it is, and where it lies once it is made."""

    __tablename__ = "decision_pack"
    __table_args__ = (
        CheckConstraint("lots_done BETWEEN 0 AND lots", name="lots_counted"),
        Index("ix_decision_pack_need_id", "need_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    lots: Mapped[int]
    lots_done: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    store_key: Mapped[str | None] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigKey, default=0)
    files: Mapped[int] = mapped_column(default=0)

    need: Mapped[Need] = relationship()
    asked_by: Mapped[User] = relationship()

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is being made."""
        return self.done_at is None and self.failed_at is None

    @property
    def percent(self) -> int:
        """How much of it is made."""
        return 100 if self.done_at else 100 * self.lots_done // max(self.lots, 1)
