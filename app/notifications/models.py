from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, User
from app.db import Base
from app.encrypted import EncryptedText

WAITS = text("sent_at IS NULL AND dead_at IS NULL")


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


class MessageChoice(Base):
    """How a person wants to hear of things outside the inbox; without an address not at all."""

    __tablename__ = "message_choice"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from_an_hour"),
        CheckConstraint("quiet_until BETWEEN 0 AND 23", name="quiet_until_an_hour"),
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    # What a release before kept in plain; the background seals it, and what is sealed is read.
    plain_email: Mapped[str] = mapped_column("email", String(254), default="")
    sealed_email: Mapped[str | None] = mapped_column(
        EncryptedText("message_choice.email"), deferred=True
    )
    kinds_off: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_digest: Mapped[bool] = mapped_column(default=False)  # once a working day
    quiet_from: Mapped[int | None]  # hours of Shanghai; equal or empty: none
    quiet_until: Mapped[int | None]
    changed_at: Mapped[datetime]

    @property
    def email(self) -> str:
        """The address; empty where there is none."""
        return self.plain_email or self.sealed_email or ""

    @email.setter
    def email(self, told: str) -> None:
        self.plain_email, self.sealed_email = "", told or None


class Format(StrEnum):
    """What a target understands."""

    WECOM = "wecom"  # 企业微信群机器人
    DINGTALK = "dingtalk"  # 钉钉群机器人,加签
    GENERIC = "generic"  # JSON with an HMAC


class MessageTarget(Base):
    """A group's robot or another system that is told; edited by the system administrator."""

    __tablename__ = "message_target"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    format: Mapped[Format]
    plain_url: Mapped[str] = mapped_column("url", String(500), default="")  # as above
    sealed_url: Mapped[str | None] = mapped_column(EncryptedText("message_target.url"))
    plain_secret: Mapped[str] = mapped_column("secret", String(200), default="")  # as above
    sealed_secret: Mapped[str | None] = mapped_column(
        EncryptedText("message_target.secret"), deferred=True
    )
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)  # none chosen: all
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()

    @property
    def url(self) -> str:
        """Where its messages go; the address of a robot holds its key."""
        return self.plain_url or self.sealed_url or ""

    @url.setter
    def url(self, told: str) -> None:
        self.plain_url, self.sealed_url = "", told

    @property
    def secret(self) -> str:
        """What its messages are signed with; empty where there is none."""
        return self.plain_secret or self.sealed_secret or ""

    @secret.setter
    def secret(self, told: str) -> None:
        self.plain_secret, self.sealed_secret = "", told or None


class Delivery(Base):
    """The outbox: what leaves the portal, written with the change that it tells of.

    `handed_at` is kept before the other side gets the words, `sent_at` after it took them: what
    has only the first may have arrived, and is sent again with the same key.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("(user_id IS NULL) <> (target_id IS NULL)", name="one_recipient"),
        Index("ix_delivery_waiting", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_delivery_batch", "batch"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    route: Mapped[str] = mapped_column(String(20))  # mail, hook:3; away is away for the route
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("message_target.id"))
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    link: Mapped[str] = mapped_column(String(200))
    batch: Mapped[str] = mapped_column(String(60))  # what leaves together: a digest, or itself
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User | None] = relationship()
    target: Mapped[MessageTarget | None] = relationship()
