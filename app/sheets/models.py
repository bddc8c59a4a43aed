from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.db import Base, BigKey
from app.engagements.models import Engagement
from app.reviews.models import ReviewInvitation


class LinkKind(StrEnum):
    """How the key reaches the unit: as an address, or inside a workbook."""

    LINK = "link"
    FORM = "form"


class ReviewLink(Base):
    """A one-time key to one invitation. Only its hash is kept; it is used once and ends."""

    __tablename__ = "review_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("review_invitation.id"), index=True)
    kind: Mapped[LinkKind]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recipient: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    answer_hash: Mapped[str] = mapped_column(String(64), default="")  # the same form sent again

    invitation: Mapped[ReviewInvitation] = relationship(lazy="joined", innerjoin=True)
    made_by: Mapped[User] = relationship()

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.invitation.engagement

    @property
    def is_live(self) -> bool:
        """Whether it still opens its form: not used, not withdrawn, not expired."""
        ended = self.used_at or self.withdrawn_at
        return ended is None and clock.now() < self.expires_at


class LinkAttempt(Base):
    """A key that opened nothing, by the hash of where it was tried; kept to slow down guessing."""

    __tablename__ = "link_attempt"
    __table_args__ = (Index("ix_link_attempt_place_at", "place", "at"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    place: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
