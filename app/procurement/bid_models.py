"""Sealed bids: the officers' public halves, the envelopes, and what was in them."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.attachments.models import KeptFile
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
    def may_be_decided(self) -> bool:
        """Whether its low price was asked about, and explained or left so beyond the last day."""
        due = self.query_due_on
        return due is not None and (self.answered_at is not None or clock.today() > due)

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read of it."""
        return self.lot.is_announced


class ReplacedBid(Base):
    """An envelope that its agency replaced before the end; it is never opened."""

    __tablename__ = "replaced_bid"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("procurement_bid.id"), index=True)
    envelope: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class BidFile(Base):
    """A plan's file as it came: encrypted, so that the store holds what nobody can read.

    The one that counts is the one whose digest the envelope names.
    """

    __tablename__ = "bid_file"
    __table_args__ = (UniqueConstraint("bid_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("procurement_bid.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigKey)
    store_key: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]


class BidPlan(KeptFile, Base):
    """A plan's file after the opening, as it was before its agency sealed it."""

    __tablename__ = "bid_plan"
    __table_args__ = (UniqueConstraint("bid_id"),)
    bid_id: Mapped[int] = mapped_column(ForeignKey("procurement_bid.id"))

    bid: Mapped[Bid] = relationship()


class InvitedPlaces(Base):
    """How many of those drawn are invited to bid, as the notice says (随机+竞价)."""

    __tablename__ = "invited_places"
    __table_args__ = (CheckConstraint("places BETWEEN 2 AND 20", name="places_counted"),)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"), primary_key=True)
    places: Mapped[int]
    newcomers: Mapped[int] = mapped_column(default=0, server_default="0")  # at least, of these
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class Invitation(Base):
    """Who was drawn and may bid for a lot, and until when."""

    __tablename__ = "bid_invitation"
    __table_args__ = (UniqueConstraint("lot_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("procurement_draw.id"))
    agency_ids: Mapped[list[int]] = mapped_column(JSON)
    bids_until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
