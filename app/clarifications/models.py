from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.procurement.models import Need


class Question(Base):
    """A question about a need (答疑): the answer is for all, and nobody learns who asked."""

    __tablename__ = "need_question"
    __table_args__ = (UniqueConstraint("need_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"))
    number: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    need: Mapped[Need] = relationship()

    @property
    def is_announced(self) -> bool:
        """Whether agencies may read it: as soon as it is answered."""
        return self.need.is_announced and self.answered_at is not None


class Change(Base):
    """A change of the notice (更正公告), and how far it moved the end."""

    __tablename__ = "notice_change"
    __table_args__ = (
        UniqueConstraint("need_id", "number"),
        CheckConstraint("until_after >= until_before", name="never_shorter"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("procurement_need.id"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    until_before: Mapped[datetime]
    until_after: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    need: Mapped[Need] = relationship()
