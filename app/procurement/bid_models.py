"""Sealed bids: the officers' public halves, the envelopes, and what was in them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.procurement.models import Lot, Need, Offer


class SealHalf(Base):
    """An officer's half of the key to a need's bids; the private part is on paper only."""

    __tablename__ = "seal_half"
    __table_args__ = (
        UniqueConstraint("need_id", "number"),
        UniqueConstraint("need_id", "officer_id"),
        CheckConstraint("number IN (1, 2)", name="one_of_two"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"))
    number: Mapped[int]
    officer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    public: Mapped[str] = mapped_column(String(130))
    made_at: Mapped[datetime]

    need: Mapped[Need] = relationship()
    officer: Mapped[User] = relationship()


class Bid(Base):
    """An agency's envelope for a lot; price and plan stand here only after the opening."""

    __tablename__ = "procurement_bid"
    __table_args__ = (UniqueConstraint("offer_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("procurement_offer.id"))
    envelope: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime]
    handed_in_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime | None]
    price_fen: Mapped[int | None] = mapped_column(BigKey)
    plan: Mapped[str] = mapped_column(Text, default="")
    void_reason: Mapped[str] = mapped_column(Text, default="")
    query: Mapped[str] = mapped_column(Text, default="")  # 低于成本的书面询问
    query_due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(String(20), default="")  # accepted, rejected
    verdict_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    offer: Mapped[Offer] = relationship()

    @property
    def agency_id(self) -> int:
        """Whose bid it is."""
        return self.offer.agency_id

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read of it."""
        return self.lot.is_announced
