"""What follows an expert's seat: who was there, how they judged, what the bureau pays."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.expert_reviews.models import ExpertReview, ExpertSeat

IN_FORCE = text("voided_at IS NULL")


class Attendance(Base):
    """How long an expert was there, in half days; none is absence."""

    __tablename__ = "expert_attendance"
    __table_args__ = (CheckConstraint("half_days BETWEEN 0 AND 60", name="half_days_counted"),)
    seat_id: Mapped[int] = mapped_column(ForeignKey("expert_seat.id"), primary_key=True)
    half_days: Mapped[int]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    seat: Mapped[ExpertSeat] = relationship()


class ExpertMark(Base):
    """How an expert did their work once: knowledge, fairness, diligence, of five each."""

    __tablename__ = "expert_mark"
    __table_args__ = (
        CheckConstraint("knowledge BETWEEN 1 AND 5", name="knowledge_of_five"),
        CheckConstraint("fairness BETWEEN 1 AND 5", name="fairness_of_five"),
        CheckConstraint("diligence BETWEEN 1 AND 5", name="diligence_of_five"),
    )
    seat_id: Mapped[int] = mapped_column(ForeignKey("expert_seat.id"), primary_key=True)
    knowledge: Mapped[int]
    fairness: Mapped[int]
    diligence: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    seat: Mapped[ExpertSeat] = relationship()


class FeeStandard(Base):
    """What an expert is paid for half a day, after tax, by a numbered document."""

    __tablename__ = "fee_standard"
    __table_args__ = (
        CheckConstraint(
            "senior_fen >= 0 AND associate_fen >= 0 AND other_fen >= 0", name="rates_not_negative"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    document_no: Mapped[str] = mapped_column(String(80))  # 文号
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    senior_fen: Mapped[int]
    associate_fen: Mapped[int]
    other_fen: Mapped[int]
    steps: Mapped[list[list[int]]] = mapped_column(JSON)  # [[up to day, percent]], rising days
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]

    def rate_of(self, rank: str) -> int:
        """Fen for half a day of the first day."""
        return int(
            {"senior": self.senior_fen, "associate": self.associate_fen}.get(rank, self.other_fen)
        )


class FeeNote(Base):
    """What is paid for one review, line by line, as the standard in force had it that day."""

    __tablename__ = "expert_fee_note"
    __table_args__ = (
        CheckConstraint("total_fen >= 0", name="total_not_negative"),
        Index(
            "uq_expert_fee_note_in_force",
            "review_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("expert_review.id"))
    standard_id: Mapped[int] = mapped_column(ForeignKey("fee_standard.id"))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # of one expert each
    total_fen: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text)

    review: Mapped[ExpertReview] = relationship()
    standard: Mapped[FeeStandard] = relationship()
    issued_by: Mapped[User] = relationship()

    def line_of(self, expert: User) -> dict[str, Any] | None:
        """What is paid to one expert; notes of old name them by their name alone."""
        own = [line for line in self.lines if line.get("expert_id") == expert.id]
        old = [line for line in self.lines if "expert_id" not in line]
        named = [line for line in old if line["name"] == expert.name]
        return (own or named)[0] if own or len(named) == 1 else None
