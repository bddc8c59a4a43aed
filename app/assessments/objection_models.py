"""Objections and appeals of agencies, and what became of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments.annual_models import AnnualRow
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.db import Base


class Outcome(StrEnum):
    """What became of an objection or appeal."""

    UPHELD = "upheld"  # 维持
    ADJUSTED = "adjusted"  # 调整


class Objection(Base):
    """The agency's objection or appeal: to one assessment, one row of a year, one consequence."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("assessment_id"),
        UniqueConstraint("row_id"),
        UniqueConstraint("consequence_id"),
        CheckConstraint(
            "(CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN row_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN consequence_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided_with_outcome"),
        Index("ix_objection_agency_decided", "agency_id", "decided_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    row_id: Mapped[int | None] = mapped_column(ForeignKey("annual_row.id"))
    consequence_id: Mapped[int | None] = mapped_column(ForeignKey("consequence.id"))
    words: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decide_by: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")

    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    assessment: Mapped[Assessment | None] = relationship()
    row: Mapped[AnnualRow | None] = relationship()
    consequence: Mapped[Consequence | None] = relationship()
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def target(self) -> Assessment | AnnualRow | Consequence:
        """What it is raised against."""
        found = self.assessment or self.row or self.consequence
        if found is None:
            raise LookupError("an objection without its target")
        return found

    @property
    def is_undecided(self) -> bool:
        """Whether it still waits."""
        return self.decided_at is None

    @property
    def involved_ids(self) -> set[int | None]:
        """Who had a hand in what it is raised against."""
        return self.target.involved_ids
