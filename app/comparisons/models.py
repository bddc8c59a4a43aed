from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.comparisons.scoring import PriceRule
from app.db import Base
from app.expert_reviews.totals import Rule
from app.experts.models import PanelColumns
from app.procurement.models import Lot


class Scheme(Base):
    """By what a panel compares, as the notice says it before anybody bids."""

    __tablename__ = "comparison_scheme"
    need_id: Mapped[int] = mapped_column(
        ForeignKey("procurement_need.id"), primary_key=True, autoincrement=False
    )
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{"name", "points", "kind"}]
    rule: Mapped[Rule]
    price_rule: Mapped[PriceRule]
    snapshot_code: Mapped[str] = mapped_column(String(40), default="")  # the quality evidence
    evidence: Mapped[list[list[Any]]] = mapped_column(JSON)  # [[agency id, hundredths of a star]]
    is_anonymous: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64))
    stated_at: Mapped[datetime]
    stated_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class Panel(PanelColumns):
    """One attempt to draw a panel for a lot: list and commitment first, the number later."""

    __tablename__ = "comparison_panel"
    __table_args__ = (
        UniqueConstraint("lot_id", "attempt"),
        CheckConstraint("places > 0", name="places_counted"),
        CheckConstraint("length(commitment) = 64", name="commitment_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    attempt: Mapped[int]

    lot: Mapped[Lot] = relationship()
    seats: Mapped[list["Seat"]] = relationship(back_populates="panel", order_by="Seat.number")

    @property
    def draw_id(self) -> str:
        """What the draw is called in its record."""
        return f"{self.lot.need.code}-{self.lot.number:02d}-panel-{self.attempt}"

    @property
    def expert_ids(self) -> set[int]:
        """Who sits there, or sat there before standing aside."""
        return {seat.expert_id for seat in self.seats}

    @property
    def sitting(self) -> list["Seat"]:
        """The seats that count: whoever stood aside, or was found to be related, left theirs."""
        return [seat for seat in self.seats if not seat.is_left]


class Seat(Base):
    """A member's seat: the statement on the five grounds, then the sheet, which is sent once."""

    __tablename__ = "comparison_seat"
    __table_args__ = (
        UniqueConstraint("panel_id", "expert_id"),
        CheckConstraint("submitted_at IS NULL OR stated_at IS NOT NULL", name="stated_first"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("comparison_panel.id"))
    number: Mapped[int]  # the place in the draw
    expert_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    seated_at: Mapped[datetime]
    grounds: Mapped[list[str]] = mapped_column(JSON)
    stated_at: Mapped[datetime | None]
    refused: Mapped[str] = mapped_column(String(200), default="")  # how this member is related
    scores: Mapped[dict[str, list[int]]] = mapped_column(JSON)  # bid: hundredths, by criterion
    submitted_at: Mapped[datetime | None]

    panel: Mapped[Panel] = relationship(back_populates="seats")
    expert: Mapped[User] = relationship()

    @property
    def is_left(self) -> bool:
        """Whether the member stands aside, by a statement or by a rule."""
        return bool(self.grounds or self.refused)


class Result(Base):
    """What the comparison came to: every bid with its points, frozen."""

    __tablename__ = "comparison_result"
    __table_args__ = (UniqueConstraint("lot_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("comparison_panel.id"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    minutes: Mapped[str] = mapped_column(Text)
    concluded_at: Mapped[datetime]
    concluded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    lot: Mapped[Lot] = relationship()
    panel: Mapped[Panel] = relationship()
