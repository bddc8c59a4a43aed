from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.papers.models import PaperVersion


class SpillKind(StrEnum):
    """What should not have come here."""

    CLASSIFIED = "classified"  # 涉密
    PERSONAL = "personal"  # 个人信息


class Outcome(StrEnum):
    """What the second person decided."""

    DESTROYED = "destroyed"
    DISMISSED = "dismissed"  # there was nothing wrong with it; it may be read again


class Spill(Base):
    """One report of a file that must not be here, and what another person made of it.

    It is about the content: whatever holds the same bytes, paper or record, none shows them.
    """

    __tablename__ = "spill"
    __table_args__ = (
        CheckConstraint("decided_by_id <> reported_by_id", name="decided_by_another"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint("(version_id IS NULL) = (file_id IS NOT NULL)", name="placed"),
        Index(
            "uq_spill_open",
            "sha256",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_spill_sha256", "sha256"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("paper_version.id"))
    # Of a file beside the papers: its kind (kinds.py) and its row there
    file_kind: Mapped[str] = mapped_column(String(40), default="", server_default="")
    file_id: Mapped[int | None]
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("withheld_file.sha256"))
    file_name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[SpillKind]
    reason: Mapped[str] = mapped_column(Text)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reported_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    in_backups_until: Mapped[date | None]  # from then on no backup holds it

    version: Mapped[PaperVersion | None] = relationship()
    engagement: Mapped[Engagement | None] = relationship()
    reported_by: Mapped[User] = relationship(foreign_keys=[reported_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
