from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models import User
from app.attachments.models import KeptFile
from app.db import Base
from app.engagements.models import Engagement, Task


class Activity(StrEnum):
    """What a working day was spent on."""

    PREPARATION = "preparation"  # 前期准备
    PLAN = "plan"  # 方案制定
    FIELDWORK = "fieldwork"  # 现场评价
    REPORT = "report"  # 报告撰写与修改
    OTHER = "other"  # 其他


class Entry:
    """What every entry says: of which engagement, who entered it when, and that it was voided.

    An entry is never changed: a wrong one is voided (作废) with its reason and entered again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")

    @declared_attr
    def engagement(self) -> Mapped[Engagement]:
        """Of which engagement."""
        return relationship(Engagement)

    @declared_attr
    def task(self) -> Mapped[Task | None]:
        """Of which project, where it is about one."""
        return relationship(Task)


class SiteVisit(Entry, Base):
    """A visit to a place (现场核查): when, where, who went, who was met, what was found."""

    __tablename__ = "site_visit"
    visited_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    people: Mapped[str] = mapped_column(String(200))  # of the agency
    hosts: Mapped[str] = mapped_column(String(200), default="")  # of the unit
    findings: Mapped[str] = mapped_column(Text, default="")

    photos: Mapped[list["VisitPhoto"]] = relationship(
        back_populates="visit", order_by="VisitPhoto.id"
    )

    @property
    def on(self) -> date:
        """The day that the entry is about."""
        return self.visited_on


class VisitPhoto(KeptFile, Base):
    """A photograph of a visit, with the time and place that the camera wrote into it."""

    __tablename__ = "visit_photo"
    visit_id: Mapped[int] = mapped_column(ForeignKey("site_visit.id"), index=True)
    taken_at: Mapped[str] = mapped_column(String(19), default="")  # as the camera's clock said
    latitude: Mapped[int | None]  # millionths of a degree
    longitude: Mapped[int | None]

    visit: Mapped[SiteVisit] = relationship(back_populates="photos")

    @property
    def place(self) -> str:
        """Latitude and longitude as people write them, where the camera knew."""
        if self.latitude is None or self.longitude is None:
            return ""
        numbers = (self.latitude, self.longitude)
        return ", ".join(f"{Decimal(number) / 1_000_000:.5f}" for number in numbers)


class Interview(Entry, Base):
    """A talk with somebody (访谈): when, with whom, by whom, about what."""

    __tablename__ = "interview"
    held_on: Mapped[date]
    person: Mapped[str] = mapped_column(String(200))
    people: Mapped[str] = mapped_column(String(200))  # of the agency
    topic: Mapped[str] = mapped_column(String(200))
    findings: Mapped[str] = mapped_column(Text, default="")

    @property
    def on(self) -> date:
        """The day that the entry is about."""
        return self.held_on


class Questionnaire(Entry, Base):
    """A round of questionnaires (问卷): to whom, how many went out, came back and were valid."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        CheckConstraint("sent > 0", name="sent_counted"),
        CheckConstraint("returned BETWEEN 0 AND sent", name="returned_of_sent"),
        CheckConstraint("valid BETWEEN 0 AND returned", name="valid_of_returned"),
    )
    held_on: Mapped[date]
    audience: Mapped[str] = mapped_column(String(200))
    sent: Mapped[int]
    returned: Mapped[int]
    valid: Mapped[int]

    @property
    def on(self) -> date:
        """The day that the entry is about."""
        return self.held_on


class PersonDays(Entry, Base):
    """Working days that one member really spent (实际人日), counted in halves."""

    __tablename__ = "person_days"
    __table_args__ = (
        CheckConstraint("half_days BETWEEN 1 AND 186", name="half_days_counted"),
        CheckConstraint("ended_on >= began_on", name="ends_after_start"),
        Index("ix_person_days_member", "member_id", "began_on"),
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    began_on: Mapped[date]
    ended_on: Mapped[date]
    half_days: Mapped[int]
    activity: Mapped[Activity]

    member: Mapped[User] = relationship(foreign_keys=[member_id])

    @property
    def on(self) -> date:
        """The day that the entry is about."""
        return self.began_on

    @property
    def days(self) -> Decimal:
        """Days, with a half."""
        return Decimal(self.half_days) / 2
