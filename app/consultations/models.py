from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.attachments.models import KeptFile
from app.db import Base
from app.engagements.models import Engagement
from app.papers.models import PaperVersion


class Verdict(StrEnum):
    """What becomes of an opinion."""

    ADOPTED = "adopted"  # 采纳
    PARTLY = "partly"  # 部分采纳
    REJECTED = "rejected"  # 不采纳


class Consultation(Base):
    """One draft before one unit (征求意见函), from its sending to the last answer."""

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        Index("ix_consultation_unit_closed", "unit_id", "closed_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    scores_before: Mapped[dict[str, str]] = mapped_column(JSON)  # points by row, when it was sent
    responded_at: Mapped[datetime | None]
    responded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    close_words: Mapped[str] = mapped_column(Text, default="")  # where the unit stayed silent
    scores_after: Mapped[dict[str, str] | None] = mapped_column(JSON)

    engagement: Mapped[Engagement] = relationship()
    unit: Mapped[Organisation] = relationship()
    version: Mapped[PaperVersion] = relationship()
    opinions: Mapped[list["Opinion"]] = relationship(
        back_populates="consultation", order_by="Opinion.number"
    )
    files: Mapped[list["ConsultationFile"]] = relationship(
        back_populates="consultation", order_by="ConsultationFile.id"
    )


class Opinion(Base):
    """One opinion of the unit, and what the agency did with it."""

    __tablename__ = "consultation_opinion"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("verdict IS NULL OR length(reason) > 0", name="answer_explained"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    place: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text)
    verdict: Mapped[Verdict | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    changed: Mapped[list[str]] = mapped_column(JSON)  # the score rows that it changed
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    consultation: Mapped[Consultation] = relationship(
        back_populates="opinions", lazy="joined", innerjoin=True
    )

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.consultation.engagement


class ConsultationFile(KeptFile, Base):
    """The unit's own letter with its seal, beside its opinions."""

    __tablename__ = "consultation_file"
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)

    consultation: Mapped[Consultation] = relationship(back_populates="files")
