"""The year's list of agencies, and what each of its figures was made of."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments.credit_models import Consequence
from app.assessments.grading import AgencyGrade
from app.assessments.models import Assessment, AssessmentRules
from app.assessments.vocabulary import ConsequenceKind
from app.db import Base, BigKey
from app.indicators.models import Points


class AnnualList(Base):
    """One version of a year's list: drawn up, noticed, decided by a leader, published, frozen.

    A change after the notice is the next version; earlier ones stay readable.
    """

    __tablename__ = "annual_list"
    __table_args__ = (
        UniqueConstraint("year", "version"),
        CheckConstraint("version = 1 OR length(reason) > 0", name="change_explained"),
        CheckConstraint("approved_by_id <> drawn_by_id", name="second_person_decides"),
        CheckConstraint("published_at IS NULL OR approved_at IS NOT NULL", name="approved_first"),
        CheckConstraint(
            "published_at IS NULL OR length(document_no) > 0", name="published_with_number"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int]
    rules_id: Mapped[int] = mapped_column(ForeignKey("assessment_rules.id"))
    weights_number: Mapped[int]  # version of the reviews' weights by which the stars are read
    stars_until: Mapped[datetime]  # reviews that were opened later tell no list of the year
    reason: Mapped[str] = mapped_column(Text, default="")
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unassessed: Mapped[int]  # jobs that ended in the year without a confirmed assessment
    noticed_at: Mapped[datetime | None]
    notice_words: Mapped[str] = mapped_column(Text, default="")
    objections_until: Mapped[date | None]
    returned_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_words: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    document_no: Mapped[str] = mapped_column(String(80), default="")  # 文号 of the 通报
    superseded_at: Mapped[datetime | None]

    rules: Mapped[AssessmentRules] = relationship(lazy="joined", innerjoin=True)
    drawn_by: Mapped[User] = relationship(foreign_keys=[drawn_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    rows: Mapped[list["AnnualRow"]] = relationship(
        back_populates="annual_list", order_by="AnnualRow.position"
    )

    @property
    def is_told(self) -> bool:
        """Whether the agencies have been given notice."""
        return self.noticed_at is not None


class AnnualRow(Base):
    """One agency in a year's list: the inputs, the score, the grade, what is proposed."""

    __tablename__ = "annual_row"
    __table_args__ = (
        UniqueConstraint("list_id", "agency_id"),
        CheckConstraint("jobs > 0", name="jobs_counted"),
        CheckConstraint("score BETWEEN 0 AND 10000", name="score_of_hundred"),
        CheckConstraint("stars BETWEEN 100 AND 500", name="stars_one_to_five"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("annual_list.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    position: Mapped[int]
    jobs: Mapped[int]
    assessment: Mapped[Decimal] = mapped_column(Points)
    ratings: Mapped[int]
    stars: Mapped[Decimal | None] = mapped_column(Points)  # NULL: too few reviews to show
    credit: Mapped[Decimal] = mapped_column(Points)
    score: Mapped[Decimal] = mapped_column(Points)
    grade: Mapped[AgencyGrade]
    consequence: Mapped[ConsequenceKind]
    consequence_words: Mapped[str] = mapped_column(Text, default="")

    annual_list: Mapped[AnnualList] = relationship(
        back_populates="rows", lazy="joined", innerjoin=True
    )
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    inputs: Mapped[list["AnnualInput"]] = relationship(order_by="AnnualInput.id")

    @property
    def is_told(self) -> bool:
        """Whether its agency has been given notice."""
        return self.annual_list.is_told

    @property
    def published_at(self) -> datetime | None:
        """When its list was published."""
        return self.annual_list.published_at

    @property
    def objections_until(self) -> date | None:
        """The last day for an objection."""
        return self.annual_list.objections_until

    @property
    def involved_ids(self) -> set[int | None]:
        """Who had a hand in the list, and so decides on no objection to it."""
        return {self.annual_list.drawn_by_id}


class AnnualInput(Base):
    """What went into a row: a job's assessment with its weight, or a line of the credit record."""

    __tablename__ = "annual_input"
    __table_args__ = (
        UniqueConstraint("row_id", "assessment_id"),
        UniqueConstraint("row_id", "consequence_id"),
        CheckConstraint("(assessment_id IS NULL) <> (consequence_id IS NULL)", name="one_source"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("annual_row.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    consequence_id: Mapped[int | None] = mapped_column(ForeignKey("consequence.id"))
    weight: Mapped[int] = mapped_column(BigKey)
    points: Mapped[Decimal] = mapped_column(Points)

    assessment: Mapped[Assessment | None] = relationship()
    consequence: Mapped[Consequence | None] = relationship()
