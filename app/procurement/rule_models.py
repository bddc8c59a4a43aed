"""The thresholds and the bureau's own periods, by version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey


class ProcurementRules(Base):
    """A version of the thresholds and the bureau's own periods; a need keeps the one it met."""

    __tablename__ = "procurement_rules"
    __table_args__ = (
        UniqueConstraint("version"),
        CheckConstraint("limit_fen > 0 AND tender_fen >= limit_fen", name="tender_over_limit"),
        CheckConstraint("publicity_days BETWEEN 1 AND 30", name="publicity_counted"),
        CheckConstraint("fewest_offers BETWEEN 1 AND 20", name="offers_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    limit_fen: Mapped[int] = mapped_column(BigKey)  # 采购限额标准
    tender_fen: Mapped[int] = mapped_column(BigKey)  # 公开招标数额标准
    publicity_days: Mapped[int]  # 公示期, working days
    answer_days: Mapped[int]  # to answer an objection that is not statutory, working days
    fewest_offers: Mapped[int]  # with fewer the lot is not drawn (流选)
    document_no: Mapped[str] = mapped_column(String(120))  # 文号
    effective_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class RulesConfirmation(Base):
    """Somebody of the bureau has compared a version that came with the portal with its source."""

    __tablename__ = "rules_confirmation"
    __table_args__ = (UniqueConstraint("rules_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("procurement_rules.id"))
    source: Mapped[str] = mapped_column(String(400))  # what it was compared with
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    confirmed_by: Mapped[User] = relationship()
