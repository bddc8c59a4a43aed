from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class FileKey(Base):
    """The key of one content, wrapped under the master key; destroyed, the content is noise."""

    __tablename__ = "file_key"
    __table_args__ = (
        CheckConstraint("destroyed_at IS NULL OR wrapped = ''", name="destroyed_is_empty"),
    )
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    master: Mapped[str] = mapped_column(String(16))  # which master key wraps it
    wrapped: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class WithheldFile(Base):
    """A content that nobody may read from `since` on: reported, and perhaps destroyed."""

    __tablename__ = "withheld_file"
    __table_args__ = (
        CheckConstraint("destroyed_at IS NULL OR lifted_at IS NULL", name="destroyed_stays"),
    )
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]  # the second person found nothing wrong with it
    destroyed_at: Mapped[datetime | None]
