from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.schema import SchemaItem

from app import clock
from app.accounts.models import User
from app.db import BigKey
from app.papers.files import StoredFile


class KeptFile:
    """The columns of a row that keeps one file: what its bytes are, who sent them and when.

    The table is the upper feature's own; nothing of a row but its voiding ever changes.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigKey)
    sha256: Mapped[str] = mapped_column(String(64))
    store_key: Mapped[str] = mapped_column(String(200))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]  # 作废: sent by mistake; the bytes stay

    @declared_attr.directive
    def __table_args__(self) -> tuple[SchemaItem, ...]:
        """What holds of every file; a table that has more says all of it."""
        return (
            CheckConstraint("size > 0", name="size_not_empty"),
            CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        )

    @declared_attr
    def sent_by(self) -> Mapped[User]:
        """Who sent it."""
        return relationship(User, lazy="joined", innerjoin=True)

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it as a picture."""
        return self.media_type in {"image/jpeg", "image/png"}


def columns_of(sender: User, file: StoredFile) -> dict[str, Any]:
    """What the row of a kept file says of its bytes and its sender."""
    return {
        "file_name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "store_key": file.key,
        "sent_by": sender,
        "sent_at": arrived_at(file),
    }


def arrived_at(file: StoredFile) -> datetime:
    """When a file was here: before it waited for the scanner, where it had to."""
    return file.received_at or clock.now()
