from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.encrypted import EncryptedText
from app.id_number import masked
from app.policy import Role


class PersonalData(Base):
    """What a person told about themselves beside the account; the owner alone reads it in full."""

    __tablename__ = "personal_data"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    id_number: Mapped[str | None] = mapped_column(EncryptedText("personal_data.id_number"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("personal_data.phone"))
    changed_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]  # its days were over after the account had ended

    @property
    def masked_id_number(self) -> str:
        """The number as anybody but its owner sees it."""
        return masked(self.id_number)

    @property
    def masked_phone(self) -> str:
        """The telephone as anybody but its owner sees it."""
        return masked(self.phone)


class Outcome(StrEnum):
    """What became of a request."""

    CORRECTED = "corrected"
    REFUSED = "refused"


class CorrectionRequest(Base):
    """A person asks that something about them be corrected that they can't change themselves."""

    __tablename__ = "correction_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    new_name: Mapped[str] = mapped_column(String(60), default="")  # the account's, where asked
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)

    @property
    def role(self) -> Role:
        """The policy's words speak of a thing's role: that of the person who asks."""
        return self.user.role
