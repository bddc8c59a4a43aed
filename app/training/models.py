from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.attachments.models import KeptFile
from app.db import Base
from app.reviews.models import Dimension

PLAYED = ("video/mp4", "audio/mpeg", "audio/mp4")  # what a browser plays


class Audience(StrEnum):
    """For whom a course is."""

    ALL = "all"
    AGENCY = "agency"  # 第三方机构人员
    UNIT = "unit"  # 单位绩效经办人


class Source(StrEnum):
    """Where hours come from."""

    COURSE = "course"  # 课程测验合格
    SESSION = "session"  # 集中培训签到
    ELSEWHERE = "elsewhere"  # 外部学时


class ClaimState(StrEnum):
    """How far hours are; those of the portal's own courses are accepted when they are earned."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Course(Base):
    """Pages and files to read, questions to answer, and the hours that come of it."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("hours BETWEEN 0 AND 200", name="hours_counted"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent_of_hundred"),
        CheckConstraint("questions_asked >= 0", name="questions_counted"),
        CheckConstraint("minutes > 0", name="minutes_counted"),
        CheckConstraint("attempts_allowed > 0", name="attempts_counted"),
        CheckConstraint("valid_months > 0", name="valid_months_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience]
    dimension_id: Mapped[int | None] = mapped_column(ForeignKey("dimension.id"))
    hours: Mapped[int]
    valid_months: Mapped[int]
    questions_asked: Mapped[int]
    pass_percent: Mapped[int]
    minutes: Mapped[int]
    attempts_allowed: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    dimension: Mapped[Dimension | None] = relationship()
    pages: Mapped[list["CoursePage"]] = relationship(order_by="CoursePage.position")
    files: Mapped[list["CourseFile"]] = relationship(order_by="CourseFile.id")
    sessions: Mapped[list["TrainingSession"]] = relationship(order_by="TrainingSession.starts_at")

    @property
    def is_published(self) -> bool:
        """Whether people may learn from it now."""
        return self.published_at is not None and self.withdrawn_at is None


class CoursePage(Base):
    """One page: plain words in paragraphs; whatever looks like HTML is shown as it was typed."""

    __tablename__ = "course_page"
    __table_args__ = (UniqueConstraint("course_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)

    @property
    def paragraphs(self) -> list[str]:
        """The words between empty lines."""
        return [part.strip() for part in self.body.replace("\r", "").split("\n\n") if part.strip()]


class CourseFile(KeptFile, Base):
    """A file of a course, to be taken away, or a video to be watched there."""

    __tablename__ = "course_file"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)

    @property
    def is_video(self) -> bool:
        """Whether it is watched in the course's own page."""
        return self.media_type in PLAYED and self.voided_at is None


class VideoWatching(Base):
    """Where somebody stopped in a video, and that they have watched it."""

    __tablename__ = "video_watching"
    __table_args__ = (CheckConstraint("seconds >= 0", name="seconds_counted"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("course_file.id"), primary_key=True)
    seconds: Mapped[int]
    kept_at: Mapped[datetime]
    watched_at: Mapped[datetime | None]


class PageReading(Base):
    """That somebody has read a page: their progress, and where they resume."""

    __tablename__ = "page_reading"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("course_page.id"), primary_key=True)
    read_at: Mapped[datetime]


class QuizQuestion(Base):
    """A question of a course's bank; a retired one is asked no more and stays for old quizzes."""

    __tablename__ = "quiz_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)
    right: Mapped[list[int]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class QuizAttempt(Base):
    """One try at a quiz: its seed tells which questions in which order, for good."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (UniqueConstraint("course_id", "user_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    number: Mapped[int]
    seed: Mapped[int]
    asked: Mapped[list[int]] = mapped_column(JSON)  # question ids in their order
    begun_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answers: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    percent: Mapped[int | None]
    passed: Mapped[bool]

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_running(self) -> bool:
        """Whether answers are still taken."""
        return self.sent_at is None and clock.now() <= self.due_at


class TrainingSession(Base):
    """A training at a time and place (集中培训); who is there signs in with the code."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("hours > 0", name="hours_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hours: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    course: Mapped[Course] = relationship(back_populates="sessions", lazy="joined", innerjoin=True)


class SessionSignIn(Base):
    """Who was at a training."""

    __tablename__ = "session_sign_in"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    signed_at: Mapped[datetime]


class HourProof(KeptFile, Base):
    """The proof of hours that were earned elsewhere."""

    __tablename__ = "hour_proof"
    record_id: Mapped[int] = mapped_column(ForeignKey("training_hours.id"), unique=True)


class HourRecord(Base):
    """Hours of one person, with the certificate's number if they are the portal's own."""

    __tablename__ = "training_hours"
    __table_args__ = (
        CheckConstraint("hours BETWEEN 1 AND 200", name="hours_counted"),
        CheckConstraint("expires_on >= earned_on", name="expires_after_earned"),
        UniqueConstraint("certificate"),
        UniqueConstraint("user_id", "course_id"),
        UniqueConstraint("user_id", "session_id"),
        Index("ix_training_hours_user_earned", "user_id", "earned_on"),
        Index("ix_training_hours_state", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    source: Mapped[Source]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"))
    title: Mapped[str] = mapped_column(String(120))
    provider: Mapped[str] = mapped_column(String(120))
    hours: Mapped[int]
    earned_on: Mapped[date]
    expires_on: Mapped[date]
    state: Mapped[ClaimState]
    certificate: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_words: Mapped[str] = mapped_column(Text)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    proof: Mapped[HourProof | None] = relationship(uselist=False)

    @property
    def agency_id(self) -> int | None:
        """The agency of the person, for the policy."""
        return self.user.agency_id

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided on it yet."""
        return self.state is ClaimState.WAITING

    @property
    def is_valid(self) -> bool:
        """Accepted and not yet expired."""
        return self.state is ClaimState.ACCEPTED and not self.has_expired

    @property
    def has_expired(self) -> bool:
        """Accepted once, and over."""
        return self.state is ClaimState.ACCEPTED and clock.today() > self.expires_on


class CertificateAttempt(Base):
    """A number that named no certificate, and from where it was asked; kept for a day."""

    __tablename__ = "certificate_attempt"
    __table_args__ = (Index("ix_certificate_attempt_place_at", "place", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
