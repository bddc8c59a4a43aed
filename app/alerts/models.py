from datetime import date, datetime
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement


class AlertKind(StrEnum):
    """What the rules look for."""

    OVERDUE = "overdue"  # 阶段逾期
    LIKELY_LATE = "likely_late"  # 可能逾期
    PAPERS_MISSING = "papers_missing"  # 缺少必备底稿
    SILENT = "silent"  # 长期无动态
    SCORE_MOVED = "score_moved"  # 指导后调分无理由
    FEE_LOW = "fee_low"  # 费用明显偏低
    PERSON_BUSY = "person_busy"  # 同一主评人项目过多
    LATE_PAPERS = "late_papers"  # 集中后补底稿
    HOURS_LAPSED = "hours_lapsed"  # 主评人学时失效: an information, never a condition


class AlertState(StrEnum):
    """Where a warning stands; it ends with words."""

    OPEN = "open"  # 待处理
    TAKEN = "taken"  # 处理中
    ENDED = "ended"  # 已办结


# To which states a warning may go.
MOVES: dict[AlertState, frozenset[AlertState]] = {
    AlertState.OPEN: frozenset({AlertState.TAKEN, AlertState.ENDED}),
    AlertState.TAKEN: frozenset({AlertState.TAKEN, AlertState.ENDED}),
    AlertState.ENDED: frozenset(),
}


class AlertRule(Base):
    """One version of a rule: an edit adds the next version, warnings keep theirs."""

    __tablename__ = "alert_rule"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("answer_days > 0", name="answer_days_counted"),
        Index(
            "uq_alert_rule_kind_in_force",
            "kind",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind]
    version: Mapped[int]
    is_on: Mapped[bool]
    settings: Mapped[dict[str, int]] = mapped_column(JSON)
    answer_days: Mapped[int]  # working days until the owner's word is due; then it is escalated
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None]

    made_by: Mapped[User | None] = relationship()


class Alert(Base):
    """One warning: what a version of a rule found, whose it is, and how it ended."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("mark"),
        CheckConstraint("(ended_at IS NULL) = (words = '')", name="ends_with_words"),
        Index("ix_alert_state_due", "state", "due_on"),
        Index(
            "ix_alert_waiting",
            "owner_id",
            "due_on",
            "escalated_at",
            "engagement_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rule.id"))
    kind: Mapped[AlertKind] = mapped_column(index=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    mark: Mapped[str] = mapped_column(String(120))  # the same fact is raised once
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[AlertState]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    raised_at: Mapped[datetime]
    due_on: Mapped[date]
    escalated_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]  # what it warned of is no longer so; a word is still owed
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text, default="")

    rule: Mapped[AlertRule] = relationship()
    engagement: Mapped[Engagement] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    @property
    def is_waiting(self) -> bool:
        """Nobody has ended it yet."""
        return self.ended_at is None
