from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.expert_reviews.totals import Rule
from app.papers.models import PaperVersion


class Ground(StrEnum):
    """The five grounds on which an expert stands aside (政府采购法实施条例第九条, by its sense)."""

    EMPLOYED = "employed"  # 三年内有劳动关系
    BOARD = "board"  # 三年内任董事、监事
    CONTROL = "control"  # 三年内为控股股东或实际控制人
    KIN = "kin"  # 与负责人有亲属关系
    OTHER = "other"  # 其他可能影响公平公正的关系


class ExpertReview(Base):
    """A meeting of experts about one version of a paper: who sits there, and by which rule."""

    __tablename__ = "expert_review"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    rule: Mapped[Rule]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{"name", "points"}], 100 in all
    called_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    called_at: Mapped[datetime]
    minutes: Mapped[str] = mapped_column(Text, default="")
    concluded_at: Mapped[datetime | None]
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    hundredths: Mapped[int | None]  # the total by the rule

    engagement: Mapped[Engagement] = relationship()
    version: Mapped[PaperVersion] = relationship()
    seats: Mapped[list["ExpertSeat"]] = relationship(
        back_populates="review", order_by="ExpertSeat.number", lazy="selectin"
    )
    opinions: Mapped[list["ExpertOpinion"]] = relationship(
        back_populates="review", order_by="ExpertOpinion.number"
    )

    @property
    def expert_ids(self) -> set[int]:
        """Who sits there."""
        return {seat.expert_id for seat in self.seats}

    @property
    def total(self) -> Decimal | None:
        """The total in points."""
        return None if self.hundredths is None else Decimal(self.hundredths) / 100


class ExpertSeat(Base):
    """An expert's seat: the statement on the five grounds, then the sheet, which is sent once."""

    __tablename__ = "expert_seat"
    __table_args__ = (
        UniqueConstraint("review_id", "expert_id"),
        UniqueConstraint("review_id", "number"),
        CheckConstraint("submitted_at IS NULL OR stated_at IS NOT NULL", name="stated_first"),
        Index("ix_expert_seat_expert_submitted", "expert_id", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("expert_review.id"))
    number: Mapped[int]
    expert_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    grounds: Mapped[list[str]] = mapped_column(JSON)  # none: nothing stands against it
    stated_at: Mapped[datetime | None]
    scores: Mapped[list[int]] = mapped_column(JSON)  # hundredths, one a criterion
    submitted_at: Mapped[datetime | None]

    review: Mapped[ExpertReview] = relationship(back_populates="seats")
    expert: Mapped[User] = relationship()

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.review.engagement

    @property
    def is_recused(self) -> bool:
        """Whether the expert stands aside."""
        return bool(self.grounds)

    @property
    def points(self) -> list[Decimal]:
        """The scores in points."""
        return [Decimal(score) / 100 for score in self.scores]


class ExpertOpinion(Base):
    """One opinion of an expert, and what the agency did about it (修改说明)."""

    __tablename__ = "expert_opinion"
    __table_args__ = (UniqueConstraint("review_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("expert_review.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("expert_seat.id"), index=True)
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    review: Mapped[ExpertReview] = relationship(back_populates="opinions")
    seat: Mapped[ExpertSeat] = relationship()

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.review.engagement

    @property
    def expert_ids(self) -> set[int]:
        """Who sits there."""
        return self.review.expert_ids
