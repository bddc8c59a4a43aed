from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.assessments.grading import AgencyGrade, Edges
from app.db import Base
from app.engagements.models import Engagement
from app.indicators.models import Points

CURRENT = "confirmed_at IS NOT NULL AND superseded_at IS NULL"
UNCONFIRMED = "confirmed_at IS NULL"
ENDED_AT = func.coalesce(
    Engagement.accepted_at, Engagement.refused_at, Engagement.terminated_at
)  # how work ends: accepted, finally refused, terminated
Index(
    "ix_engagement_finished",
    Engagement.id,
    sqlite_where=ENDED_AT.is_not(None),
    postgresql_where=ENDED_AT.is_not(None),
)
Index(
    "ix_engagement_ended", ENDED_AT, Engagement.id, postgresql_where=ENDED_AT.is_not(None)
).ddl_if(dialect="postgresql")


class Part(StrEnum):
    """The two halves of a form; the usual weights are 30 and 70."""

    PLAN = "plan"  # 方案
    RESULT = "result"  # 成果


class Weighting(StrEnum):
    """How much each job counts in the year's mean."""

    FEE = "fee"  # by the contract's fee
    AMOUNT = "amount"  # by the evaluated funds
    EQUAL = "equal"


class AssessmentForm(Base):
    """One version of the scored form (考核表): an edit adds the next, assessments keep theirs."""

    __tablename__ = "assessment_form"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("most_bonus BETWEEN 0 AND 2000", name="bonus_bounded"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    most_bonus: Mapped[Decimal] = mapped_column(Points)  # 加减分 goes so far up or down
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]

    items: Mapped[list["AssessmentItem"]] = relationship(order_by="AssessmentItem.position")


class AssessmentItem(Base):
    """One line of a form: what is judged, for how many points, by which standard."""

    __tablename__ = "assessment_item"
    __table_args__ = (
        UniqueConstraint("form_id", "position"),
        CheckConstraint("points > 0 AND points <= 10000", name="points_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("assessment_form.id"))
    position: Mapped[int]
    part: Mapped[Part]
    name: Mapped[str] = mapped_column(String(60))
    points: Mapped[Decimal] = mapped_column(Points)
    standard: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[list[str]] = mapped_column(JSON)  # keys of facts.py that stand beside it


class AssessmentRules(Base):
    """One version of the bureau's rules: bands, weights, windows, pay. Never changed afterwards.

    Assessments and annual lists keep the version by which they were made.
    """

    __tablename__ = "assessment_rules"
    __table_args__ = (
        UniqueConstraint("version"),
        CheckConstraint("weight_assessment + weight_stars = 100", name="weights_of_hundred"),
        CheckConstraint("weight_assessment > 0 AND weight_stars >= 0", name="weights_counted"),
        CheckConstraint("edge_a > edge_b AND edge_b > edge_c AND edge_c > 0", name="edges_fall"),
        CheckConstraint("objection_days > 0 AND decision_days > 0", name="windows_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    edge_a: Mapped[int]  # points from which the grade is reached; the edge belongs to it
    edge_b: Mapped[int]
    edge_c: Mapped[int]
    labels: Mapped[dict[str, str]] = mapped_column(JSON)  # how the four grades are called
    weighting: Mapped[Weighting]
    weight_assessment: Mapped[int]
    weight_stars: Mapped[int]
    least_jobs: Mapped[int]  # with fewer jobs nothing follows from the grade by itself
    least_ratings: Mapped[int]  # fewer reviews than this give no stars
    most_credit: Mapped[Decimal] = mapped_column(Points)  # credit moves a score so far at most
    objection_days: Mapped[int]  # working days
    decision_days: Mapped[int]  # working days
    consequences: Mapped[dict[str, str]] = mapped_column(JSON)  # usual consequence of each grade
    pay: Mapped[dict[str, int] | None] = mapped_column(JSON)  # percent by grade; off where NULL
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @property
    def edges(self) -> Edges:
        """The bands, as the calculation takes them."""
        return Edges(*(Decimal(edge) for edge in (self.edge_a, self.edge_b, self.edge_c)))

    def label(self, grade: AgencyGrade | None) -> str:
        """How a grade is called under these rules."""
        return "—" if grade is None else self.labels[grade]

    def pay_percent(self, grade: AgencyGrade) -> int | None:
        """How much of the fee this grade earns; nothing where the table is off."""
        return None if self.pay is None else self.pay[grade]


class Assessment(Base):
    """The bureau's scored assessment of one finished job (单次考核), a version at a time.

    One person fills it, another confirms it; from then on the database keeps it as it is.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("engagement_id", "version"),
        CheckConstraint("version = 1 OR length(reason) > 0", name="correction_explained"),
        CheckConstraint("bonus IS NULL OR bonus = 0 OR length(bonus_words) > 0", name="bonus_told"),
        CheckConstraint(
            "confirmed_at IS NULL OR (submitted_at IS NOT NULL AND total IS NOT NULL)",
            name="confirmed_when_whole",
        ),
        CheckConstraint("confirmed_by_id <> filled_by_id", name="second_person_confirms"),
        CheckConstraint("total BETWEEN 0 AND 10000", name="total_of_hundred"),
        Index(
            "uq_assessment_current",
            "engagement_id",
            unique=True,
            sqlite_where=sql(CURRENT),
            postgresql_where=sql(CURRENT),
        ),
        Index(
            "uq_assessment_unconfirmed",
            "engagement_id",
            unique=True,
            sqlite_where=sql(UNCONFIRMED),
            postgresql_where=sql(UNCONFIRMED),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    version: Mapped[int]
    form_id: Mapped[int] = mapped_column(ForeignKey("assessment_form.id"))
    rules_id: Mapped[int] = mapped_column(ForeignKey("assessment_rules.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # why a confirmed one is corrected
    revision: Mapped[int] = mapped_column(default=0)  # counts what was saved, against lost updates
    begun_at: Mapped[datetime]
    filled_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    bonus: Mapped[Decimal | None] = mapped_column(Points)
    bonus_words: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None]
    return_words: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # as they stood at confirmation
    total: Mapped[Decimal | None] = mapped_column(Points)
    grade: Mapped[AgencyGrade | None]
    pay_percent: Mapped[int | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    objections_until: Mapped[date | None]
    superseded_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship(lazy="joined", innerjoin=True)
    form: Mapped[AssessmentForm] = relationship()
    rules: Mapped[AssessmentRules] = relationship(lazy="joined", innerjoin=True)
    filled_by: Mapped[User] = relationship(foreign_keys=[filled_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    scores: Mapped[list["AssessmentScore"]] = relationship(order_by="AssessmentScore.position")

    @property
    def agency_id(self) -> int:
        """The agency that is assessed."""
        return self.engagement.agency_id

    @property
    def is_told(self) -> bool:
        """Whether the agency has been told of it: confirmed."""
        return self.confirmed_at is not None

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for the second person."""
        return self.submitted_at is not None and self.confirmed_at is None

    @property
    def involved_ids(self) -> set[int | None]:
        """Who had a hand in it, and so decides on no objection to it."""
        return {self.filled_by_id, self.confirmed_by_id}


class AssessmentScore(Base):
    """The points of one line, and the words that every deduction needs."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "item_id"),
        CheckConstraint("points BETWEEN 0 AND most", name="within_points"),
        CheckConstraint(
            "points IS NULL OR points = most OR length(words) > 0", name="deduction_told"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("assessment_item.id"))
    position: Mapped[int]
    most: Mapped[Decimal] = mapped_column(Points)
    points: Mapped[Decimal | None] = mapped_column(Points)
    words: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[AssessmentItem] = relationship(lazy="joined", innerjoin=True)
