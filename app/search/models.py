from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Found(StrEnum):
    """What is searched."""

    POST = "post"
    CASE = "case"
    PAPER = "paper"


class SearchEntry(Base):
    """The words of one thing as they are searched; who may see it is asked of the thing itself."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Found]
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)  # title and words, as grams.plain() writes them
    edited_at: Mapped[datetime | None]  # which edition of the thing was read


class SearchGram(Base):
    """Two neighbouring characters of an entry's words (or the last one alone)."""

    __tablename__ = "search_gram"
    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("search_entry.id"), primary_key=True)
