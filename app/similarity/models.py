from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.engagements.models import Engagement
from app.papers.models import PaperVersion


class Outcome(StrEnum):
    """What came of reading a file's words."""

    READ = "read"
    WORDLESS = "wordless"  # a scan, a picture, a sheet of numbers
    UNREADABLE = "unreadable"  # damaged, locked, too large, or no converter is here


class Likeness(StrEnum):
    """How a paper is like an earlier one."""

    SAME_FILE = "same_file"  # 文件完全相同
    SIMILAR_TEXT = "similar_text"  # 文字相似


class FileText(Base):
    """The words of some bytes, read once whatever papers hold them."""

    __tablename__ = "file_text"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[Outcome]
    characters: Mapped[int]
    packed: Mapped[bytes] = mapped_column(LargeBinary)  # zlib of the text in UTF-8
    read_at: Mapped[datetime]


class TextBucket(Base):
    """One mark of a text: texts that share one may be alike (MinHash, LSH)."""

    __tablename__ = "text_bucket"
    __table_args__ = (Index("ix_text_bucket_sha256", "sha256"),)
    bucket: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class LikenessCheck(Base):
    """A version that was held against the library."""

    __tablename__ = "likeness_check"
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"), primary_key=True)
    checked_at: Mapped[datetime]


class LikenessAlarm(Base):
    """A paper like an earlier one of another engagement. It refuses nothing: people look at it."""

    __tablename__ = "likeness_alarm"
    __table_args__ = (
        UniqueConstraint("version_id", "other_id"),
        CheckConstraint("share BETWEEN 0 AND 1000", name="share_of_thousand"),
        CheckConstraint("version_id <> other_id", name="of_two"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    sha256: Mapped[str] = mapped_column(String(64))  # the file of the version, and of the other
    other_sha256: Mapped[str] = mapped_column(String(64))
    likeness: Mapped[Likeness]
    share: Mapped[int]  # thousandths of the paper's own words that stand in the other
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)  # 已核
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text, default="")

    version: Mapped[PaperVersion] = relationship(foreign_keys=[version_id])
    other: Mapped[PaperVersion] = relationship(foreign_keys=[other_id])
    settled_by: Mapped[User | None] = relationship()

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.version.paper.engagement


class Boilerplate(Base):
    """A text that everybody may use (policies, templates of the bureau): its words don't count."""

    __tablename__ = "boilerplate"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])


class CommonShingles(Base):
    """What stands in so many engagements that it says nothing; one row, made anew each day."""

    __tablename__ = "common_shingles"
    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[int]  # that the library had when it was looked through
    numbers: Mapped[bytes] = mapped_column(LargeBinary)  # 64-bit numbers in rising order
    made_at: Mapped[datetime]
