"""What follows for an agency, and its credit record."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments.vocabulary import ConsequenceKind
from app.db import Base
from app.engagements.models import Engagement
from app.indicators.models import Points


class Consequence(Base):
    """What follows for an agency, for a term: proposed, decided by a leader, ended by itself.

    An entry of the credit record (不良记录, 信用加分) is one too, with its points. None of them
    excludes anybody from a statutory procurement.
    """

    __tablename__ = "consequence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("length(basis) > 0 AND length(words) > 0", name="basis_told"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="second_person_decides"),
        CheckConstraint("imposed_at IS NULL OR refused_at IS NULL", name="decided_once"),
        CheckConstraint("points BETWEEN -10000 AND 10000", name="points_bounded"),
        Index("ix_consequence_agency_term", "agency_id", "ends_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[ConsequenceKind]
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    row_id: Mapped[int | None] = mapped_column(ForeignKey("annual_row.id"), index=True)
    words: Mapped[str] = mapped_column(Text)  # what happened, what is asked
    basis: Mapped[str] = mapped_column(String(200))  # the rule or document, with its number (文号)
    points: Mapped[Decimal] = mapped_column(Points, default=Decimal(0))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # last day, inclusive
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    imposed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_words: Mapped[str] = mapped_column(Text, default="")
    objections_until: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # noted by the portal the day after the last

    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    engagement: Mapped[Engagement | None] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def is_told(self) -> bool:
        """Whether the agency has been given notice."""
        return self.imposed_at is not None

    @property
    def involved_ids(self) -> set[int | None]:
        """Who had a hand in it, and so decides on no appeal against it."""
        return {self.proposed_by_id, self.decided_by_id}

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on a day: imposed, not revoked, within its term."""
        living = self.imposed_at is not None and self.revoked_at is None
        return living and self.starts_on <= on <= self.ends_on
