from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.attachments.models import KeptFile
from app.db import Base
from app.engagements.models import Engagement, Task


class Phase(StrEnum):
    """For which part of the work the material is asked."""

    PLAN = "plan"  # 方案
    PRE_SURVEY = "pre_survey"  # 预调研
    SURVEY = "survey"  # 调研


class ItemState(StrEnum):
    """Where one item of a list stands."""

    WANTED = "wanted"  # 待提供
    SUPPLIED = "supplied"  # 已提供
    CONFIRMED = "confirmed"  # 已核收
    RETURNED = "returned"  # 退回
    NOT_APPLICABLE = "not_applicable"  # 不适用


class DocumentRequest(Base):
    """A list of material (资料清单) that an agency asks of one unit for one part of the work."""

    __tablename__ = "document_request"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        Index("ix_document_request_unit_sent", "unit_id", "sent_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    phase: Mapped[Phase]
    words: Mapped[str] = mapped_column(Text, default="")  # what the unit should know
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # until then it is a draft of the agency
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    engagement: Mapped[Engagement] = relationship()
    task: Mapped[Task | None] = relationship()
    unit: Mapped[Organisation] = relationship()
    items: Mapped[list["RequestItem"]] = relationship(
        back_populates="request", order_by="RequestItem.number"
    )
    reminders: Mapped[list["RequestReminder"]] = relationship(order_by="RequestReminder.id")


class RequestItem(Base):
    """One thing that is asked for, with the day by which it is due and how late it came."""

    __tablename__ = "request_item"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("working_days BETWEEN 1 AND 250", name="working_days_counted"),
        CheckConstraint("late_days >= 0", name="late_days_counted"),
        Index("ix_request_item_state_due", "state", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("document_request.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    working_days: Mapped[int]
    due_on: Mapped[date | None]  # counted from the day on which the list was sent
    state: Mapped[ItemState]
    words: Mapped[str] = mapped_column(Text, default="")  # why returned, or why not applicable
    supplied_at: Mapped[datetime | None]  # the newest file
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    returned_count: Mapped[int] = mapped_column(default=0)
    late_days: Mapped[int] = mapped_column(default=0)  # working days, of every turn together

    request: Mapped[DocumentRequest] = relationship(
        back_populates="items", lazy="joined", innerjoin=True
    )
    files: Mapped[list["RequestFile"]] = relationship(
        back_populates="item", order_by="RequestFile.id"
    )

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.request.engagement

    @property
    def unit(self) -> Organisation:
        """Who is asked."""
        return self.request.unit

    @property
    def unit_id(self) -> int:
        """Who is asked, by key."""
        return self.request.unit_id

    @property
    def sent_at(self) -> datetime | None:
        """When the list was sent."""
        return self.request.sent_at

    @property
    def living_files(self) -> list["RequestFile"]:
        """The files that count."""
        return [file for file in self.files if file.voided_at is None]


class RequestFile(KeptFile, Base):
    """A file that the unit handed over for an item."""

    __tablename__ = "request_file"
    item_id: Mapped[int] = mapped_column(ForeignKey("request_item.id"), index=True)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("working_paper.id"))  # taken over as

    item: Mapped[RequestItem] = relationship(back_populates="files")


class RequestReminder(Base):
    """A reminder (催办) that was sent for what a list still lacks."""

    __tablename__ = "request_reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("document_request.id"), index=True)
    items: Mapped[int]  # how many it was about
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
