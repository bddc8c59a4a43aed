from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.attachments.models import KeptFile
from app.db import Base, BigKey
from app.engagements.models import Engagement


class RectificationState(StrEnum):
    """Where one item stands; it is closed only when it is confirmed."""

    OPEN = "open"  # 整改中
    REPORTED = "reported"  # 已报告,待确认
    RETURNED = "returned"  # 退回
    CONFIRMED = "confirmed"  # 已整改,销号


class RectificationNotice(Base):
    """A notice (整改通知) of the bureau to one unit about one accepted engagement."""

    __tablename__ = "rectification_notice"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    document_no: Mapped[str] = mapped_column(String(80), default="")  # 文号
    words: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    engagement: Mapped[Engagement] = relationship()
    unit: Mapped[Organisation] = relationship()
    items: Mapped[list["RectificationItem"]] = relationship(
        back_populates="notice", order_by="RectificationItem.number"
    )
    reminders: Mapped[list["RectificationReminder"]] = relationship(
        order_by="RectificationReminder.id"
    )


class RectificationItem(Base):
    """One finding: what is wrong, how much money it is about, and what the unit did."""

    __tablename__ = "rectification_item"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("late_days >= 0", name="late_days_counted"),
        Index("ix_rectification_item_state_due", "state", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("rectification_notice.id"))
    number: Mapped[int]
    finding: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text, default="")  # 整改要求
    amount_fen: Mapped[int] = mapped_column(BigKey)
    due_on: Mapped[date]
    state: Mapped[RectificationState]
    measure: Mapped[str] = mapped_column(Text, default="")  # 整改措施和结果, told by the unit
    reported_at: Mapped[datetime | None]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_words: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    returned_count: Mapped[int] = mapped_column(default=0)
    late_days: Mapped[int] = mapped_column(default=0)  # working days, of every turn together

    notice: Mapped[RectificationNotice] = relationship(
        back_populates="items", lazy="joined", innerjoin=True
    )
    files: Mapped[list["RectificationFile"]] = relationship(
        back_populates="item", order_by="RectificationFile.id"
    )

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.notice.engagement

    @property
    def unit(self) -> Organisation:
        """Who puts it right."""
        return self.notice.unit

    @property
    def unit_id(self) -> int:
        """Who puts it right, by key."""
        return self.notice.unit_id


class RectificationFile(KeptFile, Base):
    """Evidence that a finding was put right."""

    __tablename__ = "rectification_file"
    item_id: Mapped[int] = mapped_column(ForeignKey("rectification_item.id"), index=True)

    item: Mapped[RectificationItem] = relationship(back_populates="files")


class RectificationReminder(Base):
    """A reminder (催办) of what a notice still leaves open."""

    __tablename__ = "rectification_reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("rectification_notice.id"), index=True)
    items: Mapped[int]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
