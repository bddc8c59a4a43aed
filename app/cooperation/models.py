from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.db import Base
from app.engagements.models import Engagement


class Aspect(StrEnum):
    """What an agency rates of a unit."""

    MATERIAL = "material"  # 资料及时
    ACCEPTANCE = "acceptance"  # 验收及时
    PAYMENT = "payment"  # 付款及时


class UnitRating(Base):
    """One agency's stars for one unit after one engagement, frozen when it is given."""

    __tablename__ = "unit_rating"
    __table_args__ = (
        UniqueConstraint("engagement_id", "unit_id"),
        Index("ix_unit_rating_unit_rated", "unit_id", "rated_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    rated_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    unit: Mapped[Organisation] = relationship()
    scores: Mapped[list["UnitRatingScore"]] = relationship(lazy="selectin")

    @property
    def stars(self) -> dict[Aspect, int | None]:
        """The stars by aspect; None says 不适用."""
        return {score.aspect: score.stars for score in self.scores}


class UnitRatingScore(Base):
    """The stars of one aspect; NULL says 不适用."""

    __tablename__ = "unit_rating_score"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),)
    rating_id: Mapped[int] = mapped_column(ForeignKey("unit_rating.id"), primary_key=True)
    aspect: Mapped[Aspect] = mapped_column(primary_key=True)
    stars: Mapped[int | None]
