from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, OrganisationKind
from app.agencies.models import Agency, Evaluator
from app.db import Base, BigKey


class Allowance(StrEnum):
    """Whether 财预〔2021〕6号 lets this kind of work be entrusted."""

    ALLOWED = "allowed"
    ASSISTANCE = "assistance"  # 限协助:仅事务性工作,不得以第三方名义对外出具报告
    FORBIDDEN = "forbidden"


class Party(StrEnum):
    """The three kinds of buyer who rate a finished engagement."""

    UNIT = "unit"  # 预算单位
    PERFORMANCE = "performance"  # 绩效科
    SECTION = "section"  # 业务科室


class Act(StrEnum):
    """What a template can ask for before the stage of its kind is handed in."""

    SITE_VISIT = "site_visit"  # 现场核查
    CONSULTATION = "consultation"  # 征求意见
    EXPERT_REVIEW = "expert_review"  # 专家评审


class IssuedBy(StrEnum):
    """In whose name the report goes out (出具名义)."""

    CLIENT = "client"
    AGENCY = "agency"


class ServiceType(Base):
    """A kind of work, and whether it may be entrusted at all. Editable data."""

    __tablename__ = "service_type"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    allowance: Mapped[Allowance]
    basis: Mapped[str] = mapped_column(String(200), default="")


class EngagementTemplate(Base):
    """One version of a template: an edit adds the next version, engagements keep theirs."""

    __tablename__ = "engagement_template"
    __table_args__ = (UniqueConstraint("code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    service_type_id: Mapped[int] = mapped_column(ForeignKey("service_type.id"))
    needs_unit: Mapped[bool]  # a research study has no evaluated unit
    is_batch: Mapped[bool]  # many tasks under one contract are usual
    rating_parties: Mapped[list[str]] = mapped_column(JSON)
    scoring_frame: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{"name", "points"}]
    acceptance_items: Mapped[list[str]] = mapped_column(JSON)
    reviewed_classes: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["G", "H"])
    needs_three_level_review: Mapped[bool] = mapped_column(default=True)  # before a report
    required_acts: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]

    service_type: Mapped[ServiceType] = relationship(lazy="joined", innerjoin=True)
    stages: Mapped[list["TemplateStage"]] = relationship(order_by="TemplateStage.position")


class TemplateStage(Base):
    """A stage of a template: its length in working days and the papers it asks for."""

    __tablename__ = "template_stage"
    __table_args__ = (
        UniqueConstraint("template_id", "position"),
        CheckConstraint("working_days >= 0", name="working_days_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("engagement_template.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    working_days: Mapped[int]
    # [{"class", "title"}], and "reviewed": true where three levels review it before the report
    required_papers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Engagement(Base):
    """One contract (合同/包) with one agency; under it one or many tasks."""

    __tablename__ = "engagement"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("fee_fen >= 0", name="fee_not_negative"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("client_id <> agency_id", name="client_is_not_agency"),
        Index("ix_engagement_open", "closed_at", "current_stage_position"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    year: Mapped[int] = mapped_column(index=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("engagement_template.id"))
    service_type_id: Mapped[int] = mapped_column(ForeignKey("service_type.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    lead_evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    issued_by: Mapped[IssuedBy]
    fee_fen: Mapped[int] = mapped_column(BigKey)
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    current_stage_position: Mapped[int]
    refusal_count: Mapped[int] = mapped_column(default=0)
    rework_due_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # final refusal
    terminated_at: Mapped[datetime | None]
    termination_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(index=True)  # archived, all stages done

    template: Mapped[EngagementTemplate] = relationship()
    service_type: Mapped[ServiceType] = relationship()
    agency: Mapped[Agency] = relationship()
    lead_evaluator: Mapped[Evaluator] = relationship()
    client: Mapped[Organisation] = relationship(foreign_keys=[client_id])
    tasks: Mapped[list["Task"]] = relationship(
        back_populates="engagement", order_by="Task.number", lazy="selectin"
    )
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="engagement", order_by="Stage.position"
    )
    acceptance_items: Mapped[list["AcceptanceItem"]] = relationship(
        order_by="AcceptanceItem.number"
    )
    decisions: Mapped[list["AcceptanceDecision"]] = relationship(
        order_by="AcceptanceDecision.round"
    )

    @property
    def engagement(self) -> "Engagement":
        """The policy's words speak of thing.engagement; an engagement is its own."""
        return self

    @property
    def is_open(self) -> bool:
        """Whether work still goes on."""
        ends = (self.accepted_at, self.refused_at, self.terminated_at, self.closed_at)
        return all(end is None for end in ends)

    @property
    def current_stage(self) -> "Stage | None":
        """The stage that the work is at."""
        return next((s for s in self.stages if s.position == self.current_stage_position), None)

    @property
    def stages_to_come(self) -> "list[Stage]":
        """The present stage and those after it; none once the work has ended."""
        now = self.current_stage_position if self.current_stage else 0
        return [stage for stage in self.stages if now and stage.position >= now]

    @property
    def client_is_bureau(self) -> bool:
        """Whether the bureau itself commissioned the work."""
        return self.client.kind in {OrganisationKind.BUREAU, OrganisationKind.SECTION}

    @property
    def unit_ids(self) -> set[int]:
        """The evaluated units of all tasks."""
        return {task.unit_id for task in self.tasks if task.unit_id is not None}

    @property
    def section_ids(self) -> set[int]:
        """The business sections in charge of the tasks."""
        return {task.section_id for task in self.tasks}

    @property
    def overseer_ids(self) -> set[int]:
        """The departments and township finance offices above the evaluated units."""
        above = set()
        for task in self.tasks:
            if task.unit is not None:
                above |= {task.unit.department_id, task.unit.finance_office_id}
        return {key for key in above if key is not None}


class Task(Base):
    """One evaluated project under a contract."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    number: Mapped[int]
    project: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int] = mapped_column(BigKey)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    engagement: Mapped[Engagement] = relationship(back_populates="tasks")
    unit: Mapped[Organisation | None] = relationship(foreign_keys=[unit_id], lazy="joined")
    section: Mapped[Organisation] = relationship(foreign_keys=[section_id], lazy="joined")


class Stage(Base):
    """A stage of one engagement, copied from its template when it was opened."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("engagement_id", "position"),
        # What lists of engagements say of the present stage is read from the index alone.
        Index(
            "ix_stage_course", "engagement_id", "position", "due_on", "submitted_at", "approved_at"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(index=True)
    required_papers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    returned_count: Mapped[int] = mapped_column(default=0)

    engagement: Mapped[Engagement] = relationship(back_populates="stages")


class AcceptanceItem(Base):
    """What the contract asks for, item by item."""

    __tablename__ = "acceptance_item"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    number: Mapped[int]
    words: Mapped[str] = mapped_column(String(300))


class AcceptanceOutcome(StrEnum):
    """What the commissioning party decided."""

    ACCEPTED = "accepted"
    REWORK = "rework"  # refused, with a date for rework
    REFUSED = "refused"  # final refusal


class AcceptanceDecision(Base):
    """One round of acceptance (验收), never edited afterwards."""

    __tablename__ = "acceptance_decision"
    __table_args__ = (UniqueConstraint("engagement_id", "round"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    round: Mapped[int]
    outcome: Mapped[AcceptanceOutcome]
    reasons: Mapped[str] = mapped_column(Text, default="")
    rework_due_on: Mapped[date | None]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]

    findings: Mapped[list["AcceptanceFinding"]] = relationship(order_by="AcceptanceFinding.item_id")


class AcceptanceFinding(Base):
    """Whether one item of the contract was met in one round."""

    __tablename__ = "acceptance_finding"
    __table_args__ = (UniqueConstraint("decision_id", "item_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("acceptance_decision.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("acceptance_item.id"))
    is_met: Mapped[bool]
    remark: Mapped[str] = mapped_column(String(300), default="")

    item: Mapped[AcceptanceItem] = relationship(lazy="joined")
