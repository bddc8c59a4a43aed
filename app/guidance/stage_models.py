"""Opinions on a stage as a whole, where no single paper is meant."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement, Stage
from app.guidance.models import NoteKind


class StageNote(Base):
    """A numbered opinion pinned to a stage; never edited afterwards."""

    __tablename__ = "stage_note"
    __table_args__ = (UniqueConstraint("engagement_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    number: Mapped[int]
    kind: Mapped[NoteKind]
    indicator_code: Mapped[str] = mapped_column(String(20), default="")
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")  # required where a score is touched
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    engagement: Mapped[Engagement] = relationship()
    stage: Mapped[Stage] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
    replies: Mapped[list["StageNoteReply"]] = relationship(
        back_populates="note", order_by="StageNoteReply.id"
    )


class StageNoteReply(Base):
    """An answer to an opinion on a stage."""

    __tablename__ = "stage_note_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("stage_note.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]

    note: Mapped[StageNote] = relationship(back_populates="replies")
    author: Mapped[User] = relationship()
