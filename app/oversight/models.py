from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement, Stage


class EngagementOfficer(Base):
    """Who in the performance section looks after an engagement (分派); one at a time."""

    __tablename__ = "engagement_officer"
    __table_args__ = (
        Index(
            "uq_engagement_officer_engagement_id",
            "engagement_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()
    officer: Mapped[User] = relationship(foreign_keys=[officer_id])


class StageReminder(Base):
    """A reminder (催办) of the stage that an agency's work is at."""

    __tablename__ = "stage_reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    stage: Mapped[Stage] = relationship()
    sent_by: Mapped[User] = relationship()


class BoardView(Base):
    """Filters of the board that a person keeps under a name."""

    __tablename__ = "board_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(600))  # the address's own words after the ?
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # put away; its name is free again when saved anew
