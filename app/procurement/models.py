from datetime import date, datetime
from typing import TYPE_CHECKING, Any

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

from app import clock
from app.accounts.models import Organisation
from app.agencies.models import Agency, Evaluator
from app.db import Base, BigKey
from app.engagements.models import Engagement, EngagementTemplate, IssuedBy
from app.procurement.by_method import ByMethod
from app.procurement.joint_models import JointOffer
from app.procurement.methods import Method
from app.procurement.rule_models import ProcurementRules

if TYPE_CHECKING:
    from app.procurement.bid_models import Bid

LIVE = text("withdrawn_at IS NULL")


class Need(ByMethod, Base):
    """A procurement need (采购需求) with one or a batch of lots."""

    __tablename__ = "procurement_need"
    __table_args__ = (UniqueConstraint("code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(Text)
    rules_id: Mapped[int] = mapped_column(ForeignKey("procurement_rules.id"))
    template_id: Mapped[int] = mapped_column(ForeignKey("engagement_template.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    issued_by: Mapped[IssuedBy]
    service_area: Mapped[str] = mapped_column(Text, default="")
    qualification: Mapped[str] = mapped_column(Text, default="")
    experience: Mapped[str] = mapped_column(Text, default="")
    plan_no: Mapped[str] = mapped_column(String(80), default="")  # 采购计划编号
    notice_url: Mapped[str] = mapped_column(String(400), default="")  # 公告链接
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    announced_at: Mapped[datetime | None]
    offers_until: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")

    rules: Mapped[ProcurementRules] = relationship()
    template: Mapped[EngagementTemplate] = relationship()
    client: Mapped[Organisation] = relationship()
    lots: Mapped[list["Lot"]] = relationship(back_populates="need", order_by="Lot.number")

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read it: announced, and not called off before that."""
        return self.announced_at is not None

    @property
    def is_taking_offers(self) -> bool:
        """Whether agencies may still sign up."""
        if self.announced_at is None or self.cancelled_at is not None:
            return False
        return self.offers_until is not None and clock.now() < self.offers_until


class Lot(Base):
    """A lot (包): what becomes one engagement."""

    __tablename__ = "procurement_lot"
    __table_args__ = (
        UniqueConstraint("need_id", "number"),
        CheckConstraint("budget_fen > 0 AND days > 0", name="budget_and_days"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    budget_fen: Mapped[int] = mapped_column(BigKey)
    days: Mapped[int]

    need: Mapped[Need] = relationship(back_populates="lots", lazy="joined", innerjoin=True)
    tasks: Mapped[list["LotTask"]] = relationship(order_by="LotTask.number")
    offers: Mapped[list["Offer"]] = relationship(back_populates="lot", order_by="Offer.id")
    draws: Mapped[list["Draw"]] = relationship(back_populates="lot", order_by="Draw.attempt")
    awards: Mapped[list["Award"]] = relationship(back_populates="lot", order_by="Award.id")
    bids: Mapped[list["Bid"]] = relationship(viewonly=True)

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read it."""
        return self.need.is_announced

    @property
    def award(self) -> "Award | None":
        """The award that stands."""
        return next((one for one in self.awards if one.withdrawn_at is None), None)

    @property
    def draw(self) -> "Draw | None":
        """The draw that counts: the last one that is not void."""
        return next((one for one in reversed(self.draws) if one.voided_at is None), None)


class LotTask(Base):
    """A project of a lot, as it will stand in the engagement."""

    __tablename__ = "procurement_task"
    __table_args__ = (UniqueConstraint("lot_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    number: Mapped[int]
    project: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int] = mapped_column(BigKey)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    unit: Mapped[Organisation | None] = relationship(foreign_keys=[unit_id])
    section: Mapped[Organisation] = relationship(foreign_keys=[section_id])


class Offer(Base):
    """An agency signs up for a lot (报名) with its lead evaluator and the statement on recusal."""

    __tablename__ = "procurement_offer"
    __table_args__ = (UniqueConstraint("lot_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    people: Mapped[list[str]] = mapped_column(JSON)  # who stated that none of the five holds
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")

    lot: Mapped[Lot] = relationship(back_populates="offers")
    agency: Mapped[Agency] = relationship()
    evaluator: Mapped[Evaluator] = relationship()
    joint: Mapped[JointOffer | None] = relationship(lazy="selectin")


class Draw(Base):
    """One attempt of a verifiable draw: list, weights and commitment first, the beacon later."""

    __tablename__ = "procurement_draw"
    __table_args__ = (
        UniqueConstraint("lot_id", "attempt"),
        CheckConstraint("length(commitment) = 64", name="commitment_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    attempt: Mapped[int]
    draw_id: Mapped[str] = mapped_column(String(120))
    entries: Mapped[list[list[Any]]] = mapped_column(JSON)  # [[agency id, name, weight]]
    list_digest: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    beacon_id: Mapped[str] = mapped_column(String(200))
    beacon_from: Mapped[datetime]  # before this moment nobody can know its numbers
    snapshot_code: Mapped[str] = mapped_column(String(40), default="")  # whose scores weigh
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    beacon_value: Mapped[str] = mapped_column(String(300), default="")
    beacon_source: Mapped[str] = mapped_column(String(400), default="")
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # draw.json
    drawn_at: Mapped[datetime | None]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    lot: Mapped[Lot] = relationship(back_populates="draws")
    numbers: Mapped[list["DrawNumber"]] = relationship(order_by="DrawNumber.id")

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read it."""
        return self.lot.need.is_announced

    @property
    def has_open_list(self) -> bool:
        """Whether list and order are told: where bids follow, only once those are open."""
        follow = self.lot.need.method is Method.DRAW_BIDDING
        return not follow or any(bid.opened_at is not None for bid in self.lot.bids)

    @property
    def takes_numbers(self) -> bool:
        """Whether bidders may still add a number of their own."""
        return self.voided_at is None and clock.now() < self.beacon_from

    @property
    def order(self) -> list[int]:
        """The agencies in the order in which they were drawn."""
        if self.record is None:
            return []
        keys = {name: key for key, name, _weight in self.entries}
        return [keys[pick[0]] for pick in self.record["picks"]]


class DrawNumber(Base):
    """A bidder's own number: with it, not even the bureau could have steered the draw."""

    __tablename__ = "procurement_draw_number"
    __table_args__ = (UniqueConstraint("draw_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("procurement_draw.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    words: Mapped[str] = mapped_column(String(200))  # its SHA-256 is the number
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class Award(Base):
    """Who was chosen for a lot (中选); of several only one stands."""

    __tablename__ = "procurement_award"
    __table_args__ = (
        Index(
            "uq_procurement_award_lot_id",
            "lot_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        UniqueConstraint("engagement_id"),
        CheckConstraint("price_fen > 0", name="price_named"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    price_fen: Mapped[int] = mapped_column(BigKey)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("procurement_draw.id"))
    reason: Mapped[str] = mapped_column(Text)
    result_url: Mapped[str] = mapped_column(String(400), default="")  # of the province's platform
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    public_until: Mapped[date]  # 公示期
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")
    contract_no: Mapped[str] = mapped_column(String(80), default="")  # 合同编号
    contract: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    signed_on: Mapped[date | None]
    filed_on: Mapped[date | None]  # 合同备案, 7 working days
    noticed_on: Mapped[date | None]  # 合同公告, 2 working days
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"))

    lot: Mapped[Lot] = relationship(back_populates="awards", lazy="joined", innerjoin=True)
    agency: Mapped[Agency] = relationship()
    evaluator: Mapped[Evaluator] = relationship()
    engagement: Mapped[Engagement | None] = relationship()
    objections: Mapped[list["AwardObjection"]] = relationship(
        back_populates="award", order_by="AwardObjection.id"
    )

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read it: a result stands publicly for its days and after."""
        return self.lot.need.is_announced


class AwardObjection(Base):
    """An objection to an award (质疑, 投诉, or by the bureau's own rule)."""

    __tablename__ = "award_objection"
    __table_args__ = (UniqueConstraint("award_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("procurement_award.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    answer_due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    complaint: Mapped[str] = mapped_column(Text, default="")
    complained_at: Mapped[datetime | None]
    decision_due_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]

    award: Mapped[Award] = relationship(back_populates="objections")
    agency: Mapped[Agency] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it still stands against the contract."""
        if self.complained_at is not None:
            return self.decided_at is None
        return self.answered_at is None
