from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Message(Base):
    """A line in a person's inbox; the sentence is made when it is shown, in their language."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_user_read", "user_id", "read_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    link: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
