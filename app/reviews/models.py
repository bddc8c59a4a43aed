from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import Organisation, User
from app.db import Base
from app.engagements.models import Engagement, Party


class Dimension(Base):
    """What is rated. The list is open: rows may be added; an old one is retired, never removed."""

    __tablename__ = "dimension"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    weight: Mapped[int]
    retired_at: Mapped[datetime | None]


class PartyWeight(Base):
    """How much each kind of buyer counts."""

    __tablename__ = "party_weight"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)
    party: Mapped[Party] = mapped_column(primary_key=True)
    weight: Mapped[int]


class ReviewRound(Base):
    """The rating of one finished engagement: sealed until all are in or the window closes."""

    __tablename__ = "review_round"
    __table_args__ = (
        UniqueConstraint("engagement_id"),
        Index("ix_review_round_unsealed", "unsealed_at", "closes_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    opened_at: Mapped[datetime]
    closes_on: Mapped[date]  # last day, inclusive, Asia/Shanghai
    unsealed_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship(lazy="joined", innerjoin=True)
    invitations: Mapped[list["ReviewInvitation"]] = relationship(
        back_populates="round", order_by="ReviewInvitation.id"
    )

    @property
    def is_open(self) -> bool:
        """Whether the window is open: sealed still, and its last day not past."""
        return self.unsealed_at is None and clock.today() <= self.closes_on


class ReviewInvitation(Base):
    """One party's place in a round; silence leaves it 未评, never a star."""

    __tablename__ = "review_invitation"
    __table_args__ = (UniqueConstraint("round_id", "party", "organisation_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    party: Mapped[Party]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    submitted_at: Mapped[datetime | None]

    round: Mapped[ReviewRound] = relationship(back_populates="invitations")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    review: Mapped["Review | None"] = relationship(back_populates="invitation")

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.round.engagement

    @property
    def author_id(self) -> int | None:
        """Who wrote the review of this party, if it is written."""
        return self.review.author_id if self.review else None

    @property
    def is_awaited(self) -> bool:
        """Whether this party may still rate: not yet done, and the window is open."""
        return self.submitted_at is None and self.round.is_open


class Review(Base):
    """One party's rating, frozen on submission; one person rates an engagement once."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("invitation_id"), UniqueConstraint("round_id", "author_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("review_invitation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    fact: Mapped[str] = mapped_column(
        Text, default=""
    )  # the paper or stage that one star speaks of
    nonce: Mapped[str] = mapped_column(String(64))  # opens the commitment that stands in the log
    commitment: Mapped[str] = mapped_column(String(64))

    invitation: Mapped[ReviewInvitation] = relationship(back_populates="review")
    author: Mapped[User] = relationship()
    scores: Mapped[list["ReviewScore"]] = relationship(
        order_by="ReviewScore.dimension_id", lazy="selectin"
    )

    @property
    def stars(self) -> dict[int, int | None]:
        """The stars by dimension; None says 不适用."""
        return {score.dimension_id: score.stars for score in self.scores}


class ReviewScore(Base):
    """The stars of one dimension; NULL says 不适用."""

    __tablename__ = "review_score"
    __table_args__ = (
        UniqueConstraint("review_id", "dimension_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    dimension_id: Mapped[int] = mapped_column(ForeignKey("dimension.id"))
    stars: Mapped[int | None]

    dimension: Mapped[Dimension] = relationship(lazy="joined")
