from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.engagements.models import Engagement, Task
from app.indicators.grading import Grade
from app.papers.models import VersionState, WorkingPaper


class Points(TypeDecorator[Decimal]):
    """Points with at most two decimals, kept as whole hundredths: exact on both databases."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError("points have at most two decimals")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class IndicatorSystem(Base):
    """One version of the indicators (指标体系) of a task, or of an engagement with its own frame.

    An approved version is frozen; a change makes the next one.
    """

    __tablename__ = "indicator_system"
    __table_args__ = (
        UniqueConstraint("engagement_id", "task_number", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    task_number: Mapped[int]  # of the task; nought for the whole engagement
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)  # counts what was saved, against lost updates
    reason: Mapped[str] = mapped_column(Text, default="")  # why this version was made
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]  # the next version was approved

    engagement: Mapped[Engagement] = relationship()
    task: Mapped[Task | None] = relationship(lazy="joined")
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="system", order_by="Indicator.position", cascade="all, delete-orphan"
    )

    @property
    def is_draft(self) -> bool:
        """Whether the agency may still change it."""
        return self.submitted_at is None and self.approved_at is None

    @property
    def is_in_force(self) -> bool:
        """Whether scores are given by this version."""
        return self.approved_at is not None and self.retired_at is None


class Indicator(Base):
    """One scored line: a third-level indicator, or one of its check points (核查要点).

    The definition is the system's and frozen with it; the score is the agency's.
    """

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("system_id", "code"),
        UniqueConstraint("system_id", "position"),
        CheckConstraint("points > 0 AND points <= 10000", name="points_counted"),
        CheckConstraint("score_before BETWEEN 0 AND points", name="before_within_points"),
        CheckConstraint("score_after BETWEEN 0 AND points", name="after_within_points"),
        CheckConstraint(
            "score_after IS NULL OR score_before IS NOT NULL", name="checked_after_scored"
        ),
        CheckConstraint(
            "score_after IS NULL OR score_after = score_before OR length(adjustment) > 0",
            name="adjustment_explained",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("indicator_system.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))  # A11; with check points B21-1, B21-2
    level1: Mapped[str] = mapped_column(String(40))
    level2: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    check_point: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[Decimal] = mapped_column(Points)
    standard: Mapped[str] = mapped_column(Text, default="")  # 评分标准
    score_before: Mapped[Decimal | None] = mapped_column(Points)  # 核查前得分
    score_after: Mapped[Decimal | None] = mapped_column(Points)  # 核查后得分
    adjustment: Mapped[str] = mapped_column(Text, default="")  # 调整得分说明
    deduction: Mapped[str] = mapped_column(Text, default="")  # 扣分理由
    scored_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    scored_at: Mapped[datetime | None]

    system: Mapped[IndicatorSystem] = relationship(back_populates="indicators")
    links: Mapped[list["IndicatorEvidence"]] = relationship(
        back_populates="indicator", order_by="IndicatorEvidence.id", cascade="all, delete-orphan"
    )

    @property
    def evidence(self) -> list[WorkingPaper]:
        """The papers that are linked now and were not withdrawn, by index number."""
        linked = [one.paper for one in self.links if one.unlinked_at is None]
        living = [paper for paper in linked if paper.withdrawn_at is None]
        return sorted(living, key=lambda paper: paper.index_no)

    @property
    def is_scored(self) -> bool:
        """Whether its score stands after the check."""
        return self.score_after is not None

    @property
    def is_covered(self) -> bool:
        """Whether a paper that was not returned bears it out."""
        return any(paper.state is not VersionState.RETURNED for paper in self.evidence)


class IndicatorEvidence(Base):
    """A paper that bears out a score; a link is ended, never removed."""

    __tablename__ = "indicator_evidence"
    __table_args__ = (UniqueConstraint("indicator_id", "paper_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("working_paper.id"), index=True)
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]

    indicator: Mapped[Indicator] = relationship(back_populates="links")
    paper: Mapped[WorkingPaper] = relationship()


class ResultUse(Base):
    """What a task's result did to a budget year: grade, cut proposed, cut decided (结果应用).

    One living row a task and budget year; a wrong one is voided, and a new one written.
    """

    __tablename__ = "result_use"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 10000", name="score_of_hundred"),
        CheckConstraint("proposed_cut_fen >= 0", name="proposed_not_negative"),
        CheckConstraint("decided_cut_fen >= 0", name="decided_not_negative"),
        CheckConstraint(
            "(decided_cut_fen IS NULL) = (decided_on IS NULL)", name="decided_with_its_day"
        ),
        CheckConstraint(
            "decided_cut_fen IS NULL OR (length(decision_no) > 0 AND length(decider) > 0)",
            name="decision_named",
        ),
        Index(
            "uq_result_use_task_id_budget_year",
            "task_id",
            "budget_year",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    budget_year: Mapped[int] = mapped_column(index=True)
    score: Mapped[Decimal] = mapped_column(Points)
    grade: Mapped[Grade]
    proposed_cut_fen: Mapped[int] = mapped_column(BigKey)
    basis: Mapped[str] = mapped_column(Text, default="")  # why so much is proposed
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    decided_cut_fen: Mapped[int | None] = mapped_column(BigKey)
    decision_no: Mapped[str] = mapped_column(String(80), default="")  # 文号
    decider: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")

    engagement: Mapped[Engagement] = relationship()
    task: Mapped[Task] = relationship(lazy="joined", innerjoin=True)
