from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.agencies.models import Agency, AgencyType
from app.db import Base, BigKey
from app.encrypted import EncryptedText


class State(StrEnum):
    """How an application stands."""

    DRAFT = "draft"  # 填报中
    SUBMITTED = "submitted"  # 待审
    RETURNED = "returned"  # 退回补正
    ENTERED = "entered"  # 已入库
    REFUSED = "refused"  # 不予入库
    WITHDRAWN = "withdrawn"  # 已撤回


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.RETURNED, State.ENTERED, State.REFUSED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.ENTERED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class Requirement(StrEnum):
    """An item of the application, after what 财监〔2021〕4号 asks of agencies and their people."""

    PARTICULARS = "particulars"  # 机构信息
    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人信息
    BRANCHES = "branches"  # 分支机构信息
    LEAD_EVALUATORS = "lead_evaluators"  # 主评人信息
    PRACTITIONERS = "practitioners"  # 其他从业人员信息
    ASSOCIATES = "associates"  # 合作专家信息
    QUALITY_CONTROL = "quality_control"  # 内部质量控制制度
    CONFIDENTIALITY = "confidentiality"  # 保密管理制度
    TRAINING = "training"  # 业务培训制度
    FINANCE = "finance"  # 财务会计和资产管理制度
    GOOD_STANDING = "good_standing"  # 三年内无重大违法记录的声明


class Application(Base):
    """An agency's own application, filled in and followed with a key instead of an account."""

    __tablename__ = "register_application"
    __table_args__ = (
        UniqueConstraint("key_hash"),
        CheckConstraint("round >= 1", name="round_counted"),
        CheckConstraint("state <> 'entered' OR agency_id IS NOT NULL", name="entered_as_agency"),
        Index("ix_register_application_state", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State]
    round: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    agency_type: Mapped[AgencyType]
    legal_representative: Mapped[str] = mapped_column(String(60))
    established_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))  # the office's own
    platform_number: Mapped[str] = mapped_column(String(60))
    branches: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{name, credit_code, address}]
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{kind, name, …}], see told.py
    associates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{name, title, employer}]
    login: Mapped[str] = mapped_column(String(60))  # wished for the first account
    contact_name: Mapped[str] = mapped_column(String(60))
    contact_phone: Mapped[str | None] = mapped_column(
        EncryptedText("register_application.contact_phone")
    )
    key_hash: Mapped[str] = mapped_column(String(64))
    key_ends_at: Mapped[datetime]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text)  # what the section said with its last decision
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    erased_at: Mapped[datetime | None]  # the contact's telephone, when its days were over

    decided_by: Mapped[User | None] = relationship()
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="application", order_by="Evidence.id"
    )
    remarks: Mapped[list["Remark"]] = relationship(
        back_populates="application", order_by="Remark.id"
    )

    @property
    def is_fillable(self) -> bool:
        """Whether its writers may change it."""
        return self.state in {State.DRAFT, State.RETURNED}

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for the performance section."""
        return self.state is State.SUBMITTED

    @property
    def is_followed(self) -> bool:
        """Whether its key still opens it."""
        return clock.now() < self.key_ends_at

    @property
    def why_returned(self) -> dict[Requirement, str]:
        """The reasons of the last return, by item."""
        last = max((one.round for one in self.remarks), default=0)
        return {one.requirement: one.words for one in self.remarks if one.round == last}


class Remark(Base):
    """Why an item was returned in one round; it stays when the item is put right."""

    __tablename__ = "application_remark"
    __table_args__ = (UniqueConstraint("application_id", "round", "requirement"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("register_application.id"))
    round: Mapped[int]
    requirement: Mapped[Requirement]
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    application: Mapped[Application] = relationship(back_populates="remarks")


class Evidence(Base):
    """A file that proves an item: sent with an application, or by the agency that is entered.

    A visitor who applies has no account, so nobody may be named as its sender.
    """

    __tablename__ = "register_evidence"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_not_empty"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        CheckConstraint("application_id IS NOT NULL OR agency_id IS NOT NULL", name="of_somebody"),
        Index("ix_register_evidence_expires_on", "expires_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("register_application.id"), index=True
    )
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    requirement: Mapped[Requirement]
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigKey)
    sha256: Mapped[str] = mapped_column(String(64))
    store_key: Mapped[str] = mapped_column(String(200))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    reminded_days: Mapped[int | None]  # the last of the reminders that was sent
    voided_at: Mapped[datetime | None]  # 作废: replaced or sent by mistake; the bytes stay

    application: Mapped[Application | None] = relationship(back_populates="evidence")
    agency: Mapped[Agency | None] = relationship()

    @property
    def days_left(self) -> int | None:
        """Days until it ends, below zero when it has ended; None where it never does."""
        return None if self.expires_on is None else (self.expires_on - clock.today()).days
