from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Found(StrEnum):
    """What is searched."""

    ANSWER = "answer"
    POST = "post"
    CASE = "case"
    COURSE = "course"
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


class SearchText(Base):
    """The characters and pairs of an entry, with spaces between them.

    On SQLite the FTS5 table `search_words` follows these rows by triggers.
    """

    __tablename__ = "search_text"
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("search_entry.id"), primary_key=True, autoincrement=False
    )
    grams: Mapped[str] = mapped_column(Text)


Index(
    "ix_search_text_grams",
    func.string_to_array(SearchText.grams, " "),
    postgresql_using="gin",
    postgresql_with={"fastupdate": False},
).ddl_if(dialect="postgresql")


class SearchGram(Base):
    """What the release before this one searches; nobody names it, it leaves with the next one."""

    __tablename__ = "search_gram"
    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("search_entry.id"), primary_key=True)
