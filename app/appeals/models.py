from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.reviews.models import ReviewRound


class AgencyReply(Base):
    """What the agency says to its opened rating, for all who may read the rating."""

    __tablename__ = "agency_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text)
    replied_at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Outcome(StrEnum):
    """How an appeal ended: the rating stands as it is, or some of it was voided or returned."""

    UPHELD = "upheld"  # 维持
    ADJUSTED = "adjusted"  # 调整


class Appeal(Base):
    """The agency's one appeal against the result of a rating."""

    __tablename__ = "appeal"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    grounds: Mapped[str] = mapped_column(Text)
    quoted: Mapped[list[str]] = mapped_column(JSON)  # the shuffled words that it is against
    filed_at: Mapped[datetime]
    due_on: Mapped[date]  # last day for the decision
    outcome: Mapped[Outcome | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    round: Mapped[ReviewRound] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.round.engagement

    @property
    def is_awaited(self) -> bool:
        """Whether it waits for its decision."""
        return self.decided_at is None

    @property
    def rater_ids(self) -> set[int]:
        """Who rated in the round: none of them decides."""
        return self.round.rater_ids
