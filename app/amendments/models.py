from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Evaluator
from app.db import Base, BigKey
from app.engagements.models import Engagement, Stage


class AmendmentKind(StrEnum):
    """What can change in the course of an engagement."""

    EXTENSION = "extension"  # 延期
    LEAD = "lead"  # 更换主评人
    SUPPLEMENT = "supplement"  # 补充协议
    SUSPENSION = "suspension"  # 暂停
    CORRECTION = "correction"  # 更正
    SUCCESSION = "succession"  # 更换机构: the contract that goes on with the work


class AmendmentState(StrEnum):
    """Where an amendment stands; what the section enters itself is in force at once."""

    ASKED = "asked"  # 待审批
    APPROVED = "approved"  # 已同意
    REFUSED = "refused"  # 未同意
    IN_FORCE = "in_force"  # 已生效
    ENDED = "ended"  # a suspension after which work went on


OPEN_EXTENSION = "kind = 'extension' AND state = 'asked'"
OPEN_LEAD = "kind = 'lead' AND state = 'asked'"
SUSPENDED = "kind = 'suspension' AND state = 'in_force'"
ONE_SUCCESSOR = "kind = 'succession'"


def _one(name: str, where: str) -> Index:
    """At most one row of an engagement is in this state."""
    return Index(
        f"uq_amendment_{name}",
        "engagement_id",
        unique=True,
        sqlite_where=sql(where),
        postgresql_where=sql(where),
    )


class Amendment(Base):
    """One change in the course of an engagement: asked and decided, or entered; never edited."""

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        CheckConstraint("length(reason) > 0", name="reason_told"),
        CheckConstraint(
            "kind <> 'extension' OR (stage_id IS NOT NULL AND ends_on > ends_before)",
            name="extension_later",
        ),
        CheckConstraint(
            "kind <> 'lead' OR (evaluator_id IS NOT NULL AND evaluator_id <> evaluator_before_id)",
            name="another_lead",
        ),
        CheckConstraint("fee_fen IS NULL OR fee_fen > 0", name="fee_counted"),
        CheckConstraint(
            "kind <> 'suspension' OR (starts_on IS NOT NULL AND ends_on >= starts_on)"
            " OR (starts_on IS NOT NULL AND ends_on IS NULL)",
            name="resumed_after_start",
        ),
        CheckConstraint("successor_id <> engagement_id", name="another_contract"),
        CheckConstraint(
            "(state IN ('approved', 'refused')) = (decided_by_id IS NOT NULL"
            " AND kind IN ('extension', 'lead'))",
            name="decided_by_somebody",
        ),
        _one("extension", OPEN_EXTENSION),
        _one("lead", OPEN_LEAD),
        _one("suspension", SUSPENDED),
        _one("succession", ONE_SUCCESSOR),
        Index("ix_amendment_state", "state", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    number: Mapped[int]
    kind: Mapped[AmendmentKind]
    state: Mapped[AmendmentState]
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text, default="")  # the paper it rests on, 依据
    over_basis: Mapped[str] = mapped_column(Text, default="")  # why more than 10 % is right
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    evaluator_before_id: Mapped[int | None] = mapped_column(ForeignKey("evaluator.id"))
    evaluator_id: Mapped[int | None] = mapped_column(ForeignKey("evaluator.id"))
    fee_before_fen: Mapped[int | None] = mapped_column(BigKey)
    fee_fen: Mapped[int | None] = mapped_column(BigKey)
    starts_on: Mapped[date | None]  # of a suspension
    ends_before: Mapped[date | None]
    ends_on: Mapped[date | None]  # the new day of a stage or contract; when work went on
    field: Mapped[str] = mapped_column(String(40), default="")  # of a correction
    stood_before: Mapped[str] = mapped_column(Text, default="")
    stands_now: Mapped[str] = mapped_column(Text, default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)

    engagement: Mapped[Engagement] = relationship(foreign_keys=[engagement_id])
    successor: Mapped[Engagement | None] = relationship(foreign_keys=[successor_id])
    stage: Mapped[Stage | None] = relationship()
    evaluator_before: Mapped[Evaluator | None] = relationship(foreign_keys=[evaluator_before_id])
    evaluator: Mapped[Evaluator | None] = relationship(foreign_keys=[evaluator_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    moves: Mapped[list["DueMove"]] = relationship(order_by="DueMove.id")


class DueMove(Base):
    """How an amendment moved the due day of one stage: the planned day is never lost."""

    __tablename__ = "due_move"
    __table_args__ = (
        UniqueConstraint("amendment_id", "stage_id"),
        CheckConstraint("due_on > due_before", name="moves_later"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    due_before: Mapped[date]
    due_on: Mapped[date]
