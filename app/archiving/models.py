from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.engagements.models import Engagement
from app.papers.models import IndexClass


class Retention(StrEnum):
    """How long a paper is kept (国家档案局令第8号; procurement files 15 years)."""

    TEN_YEARS = "10y"
    FIFTEEN_YEARS = "15y"
    THIRTY_YEARS = "30y"
    PERMANENT = "permanent"


class RetentionRule(Base):
    """The retention class of one class of papers. Editable data."""

    __tablename__ = "retention_rule"
    index_class: Mapped[IndexClass] = mapped_column(primary_key=True)
    retention: Mapped[Retention]


class ArchivePackage(Base):
    """One package that was made of an engagement; its manifest's digest stands in the log."""

    __tablename__ = "archive_package"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[int]
    size: Mapped[int] = mapped_column(BigKey)

    engagement: Mapped[Engagement] = relationship()
    made_by: Mapped[User] = relationship()
