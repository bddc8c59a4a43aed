from datetime import date, datetime
from enum import StrEnum

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
    def rater_ids(self) -> set[int]:
        """Who of the people with accounts has rated here, in whatever version."""
        written = (review for each in self.invitations for review in each.reviews)
        return {review.author_id for review in written if review.author_id is not None}

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
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")

    round: Mapped[ReviewRound] = relationship(back_populates="invitations")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="invitation", order_by="Review.version"
    )

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.round.engagement

    @property
    def invitation_id(self) -> int:
        """A one-time link is held for this invitation, as for its reviews."""
        return self.id

    @property
    def review(self) -> "Review | None":
        """The newest version of this party's review, if it is written."""
        return self.reviews[-1] if self.reviews else None

    @property
    def author_id(self) -> int | None:
        """Who wrote the review of this party, if it is written by somebody with an account."""
        return self.review.author_id if self.review else None

    @property
    def last_day(self) -> date:
        """The last day for this party: of the window, or of the review that an appeal returned."""
        ruling = self.review.ruling if self.review and self.review.is_returned else None
        return ruling.closes_on if ruling and ruling.closes_on else self.round.closes_on

    @property
    def is_wanted(self) -> bool:
        """Whether a review is awaited here, or an appeal has returned the one that there is."""
        return self.is_awaited or (self.review is not None and self.review.is_returned)

    @property
    def is_awaited(self) -> bool:
        """Whether this party may still rate: not yet done, and the window is open."""
        return self.submitted_at is None and self.round.is_open


class Review(Base):
    """One party's rating, frozen on submission; one person rates an engagement once.

    A further version comes only where the decider of an appeal returned the one before.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("invitation_id", "version"),
        UniqueConstraint("round_id", "author_id", "version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("review_invitation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    submitted_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    fact: Mapped[str] = mapped_column(
        Text, default=""
    )  # the paper or stage that one star speaks of
    nonce: Mapped[str] = mapped_column(String(64))  # opens the commitment that stands in the log
    commitment: Mapped[str] = mapped_column(String(64))

    round: Mapped[ReviewRound] = relationship(viewonly=True)
    invitation: Mapped[ReviewInvitation] = relationship(back_populates="reviews")
    author: Mapped[User | None] = relationship()
    scores: Mapped[list["ReviewScore"]] = relationship(
        order_by="ReviewScore.dimension_id", lazy="selectin"
    )
    problems: Mapped[list["ProblemKind"]] = relationship(
        secondary="review_problem", order_by="ProblemKind.position", lazy="selectin"
    )
    ruling: Mapped["ReviewRuling | None"] = relationship(back_populates="review", lazy="selectin")

    @property
    def stars(self) -> dict[int, int | None]:
        """The stars by dimension; None says 不适用."""
        return {score.dimension_id: score.stars for score in self.scores}

    @property
    def signed(self) -> str:
        """Who wrote it: the account's name, or the name given with a one-time link or form."""
        return self.author.name if self.author else self.author_name

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.round.engagement

    @property
    def rater_ids(self) -> set[int]:
        """Who rated in its round."""
        return self.round.rater_ids

    @property
    def unsealed_at(self) -> datetime | None:
        """When its round was opened."""
        return self.round.unsealed_at

    @property
    def is_superseded(self) -> bool:
        """Whether its writer has written a further version."""
        return self.version < self.invitation.reviews[-1].version

    @property
    def is_voided(self) -> bool:
        """Whether an appeal took it out of every mean and ranking; it stays readable."""
        return self.ruling is not None and self.ruling.kind is RulingKind.VOIDED

    @property
    def is_returned(self) -> bool:
        """Whether its writer may write a further version now."""
        told = self.ruling
        if told is None or told.kind is not RulingKind.RETURNED or self.is_superseded:
            return False
        return told.closes_on is not None and clock.today() <= told.closes_on


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


class DimensionAnchor(Base):
    """What one star of a dimension means, in words; the newest row of a star holds."""

    __tablename__ = "dimension_anchor"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey("dimension.id"), index=True)
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class ProblemKind(Base):
    """A line of the checklist beside the stars. The list is open; an old line is retired."""

    __tablename__ = "problem_kind"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class ReviewProblem(Base):
    """A problem that a review ticked."""

    __tablename__ = "review_problem"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem_kind.id"), primary_key=True)


class RulingKind(StrEnum):
    """What the decider of an appeal may do with one review; a star is never entered."""

    VOIDED = "voided"
    RETURNED = "returned"


class ReviewRuling(Base):
    """One review was voided on appeal, or returned to its writer until a day."""

    __tablename__ = "review_ruling"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), unique=True)
    kind: Mapped[RulingKind]
    reason: Mapped[str] = mapped_column(Text)
    ruled_at: Mapped[datetime]
    ruled_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closes_on: Mapped[date | None]  # of a returned one: the last day for the further version

    review: Mapped[Review] = relationship(back_populates="ruling")
