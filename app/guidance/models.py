from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.papers.models import PaperVersion, WorkingPaper


class NoteKind(StrEnum):
    """What an opinion asks for. One that touches a score gates nothing (财监4号 art. 3)."""

    MUST_RESOLVE = "must_resolve"  # 须落实
    SUGGESTION = "suggestion"  # 建议
    SCORE = "score"  # 涉及评分调整


class GuidanceNote(Base):
    """A numbered opinion pinned to one version of a paper; never edited afterwards."""

    __tablename__ = "guidance_note"
    __table_args__ = (
        UniqueConstraint("paper_id", "number"),
        Index("ix_guidance_note_engagement_settled", "engagement_id", "settled_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("working_paper.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    number: Mapped[int]
    kind: Mapped[NoteKind]
    page: Mapped[int | None]
    indicator_code: Mapped[str] = mapped_column(String(20), default="", server_default="")
    place: Mapped[str] = mapped_column(String(80), default="")  # a cell, a paragraph, a line
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")  # required where a score is touched
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    engagement: Mapped[Engagement] = relationship()
    paper: Mapped[WorkingPaper] = relationship()
    version: Mapped[PaperVersion] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
    replies: Mapped[list["NoteReply"]] = relationship(
        back_populates="note", order_by="NoteReply.id"
    )

    @property
    def holds_up(self) -> bool:
        """Only 须落实 gates, until it is settled; queries.gates_things() is the same for lists."""
        return self.settled_at is None and self.kind is NoteKind.MUST_RESOLVE


class NoteReply(Base):
    """An answer to an opinion, by words and, often, by a new version."""

    __tablename__ = "note_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("guidance_note.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]

    note: Mapped[GuidanceNote] = relationship(back_populates="replies")
    author: Mapped[User] = relationship()
