"""Three-level review (三级复核) inside the agency, and a second digest of the kept files."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement
from app.papers.models import PaperVersion

LEVELS = (1, 2, 3)


class ReviewOutcome(StrEnum):
    """What one level found."""

    PASSED = "passed"
    RETURNED = "returned"  # a new version is needed


class LevelReviewer(Base):
    """Who reviews at one level of an engagement; a successor ends the appointment before."""

    __tablename__ = "level_reviewer"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level_one_to_three"),
        Index(
            "uq_level_reviewer_present",
            "engagement_id",
            "level",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    level: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    appointed_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class LevelReview(Base):
    """What one level found of one version: opinion, reply and dates; never for another version."""

    __tablename__ = "level_review"
    __table_args__ = (
        UniqueConstraint("version_id", "level"),
        UniqueConstraint("version_id", "reviewer_id"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_one_to_three"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    level: Mapped[int]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[ReviewOutcome]
    opinion: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None]

    version: Mapped[PaperVersion] = relationship()
    reviewer: Mapped[User] = relationship(foreign_keys=[reviewer_id])
    replied_by: Mapped[User | None] = relationship(foreign_keys=[replied_by_id])

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.version.engagement


class FileDigest(Base):
    """The SM3 of a kept file, by its SHA-256; made when first asked for."""

    __tablename__ = "file_digest"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    sm3: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
