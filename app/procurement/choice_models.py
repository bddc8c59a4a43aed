"""What was known when somebody was chosen; the reason outside the best set; the approval."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.procurement.models import Award


class AwardChoice(Base):
    """The evidence of one award as it stood at that moment; only reason and approval follow."""

    __tablename__ = "award_choice"
    __table_args__ = (
        UniqueConstraint("award_id"),
        CheckConstraint(
            "standing IN ('unweighed', 'no_ranking', 'best', 'behind', 'unranked', 'left_out')",
            name="standing_known",
        ),
        CheckConstraint("(reasoned_at IS NULL) = (length(reason) = 0)", name="reason_dated"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("procurement_award.id"))
    standing: Mapped[str] = mapped_column(String(20))  # of the chosen one, beside the best set
    snapshot_code: Mapped[str] = mapped_column(String(30), default="")
    result_digest: Mapped[str] = mapped_column(String(64), default="")
    considered: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    reason: Mapped[str] = mapped_column(Text, default="")  # for choosing outside the best set
    reasoned_at: Mapped[datetime | None]
    reasoned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    award: Mapped[Award] = relationship()
    reasoned_by: Mapped[User | None] = relationship(foreign_keys=[reasoned_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])

    @property
    def is_outside(self) -> bool:
        """Whether the chosen one stands outside the best set of the ranking."""
        return self.standing in {"behind", "unranked", "left_out"}

    @property
    def lacks_reason(self) -> bool:
        """Whether the choice lies outside the best set and nobody has said why."""
        return self.is_outside and not self.reason
