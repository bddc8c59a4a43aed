from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.db import Base
from app.engagements.models import Engagement


class Screen(StrEnum):
    """What was looked for."""

    BURST = "burst"
    DISAGREEMENT = "disagreement"
    FACTS = "facts"
    LOW_AFTER_POOR = "low_after_poor"
    MISFIT = "misfit"
    RING = "ring"
    STRAIGHT = "straight"


class FlagState(StrEnum):
    """What a person made of a sign."""

    OPEN = "open"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"


MOVES: dict[FlagState, frozenset[FlagState]] = {
    FlagState.OPEN: frozenset({FlagState.EXPLAINED, FlagState.CONFIRMED}),
    FlagState.EXPLAINED: frozenset({FlagState.OPEN, FlagState.CONFIRMED}),
    FlagState.CONFIRMED: frozenset({FlagState.OPEN, FlagState.EXPLAINED}),
}


class Flag(Base):
    """One sign: which screen raised it, about whom, on what figures."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("screen", "mark"),
        Index("ix_flag_state", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    screen: Mapped[Screen]
    mark: Mapped[str] = mapped_column(String(64))  # digest of the evidence: raised once
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    rater_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    state: Mapped[FlagState]

    agency: Mapped[Agency | None] = relationship()
    rater: Mapped[User | None] = relationship()
    engagement: Mapped[Engagement | None] = relationship()
    remarks: Mapped[list["FlagRemark"]] = relationship(order_by="FlagRemark.id")


class FlagRemark(Base):
    """What a person said of a sign, and the state that it got with it."""

    __tablename__ = "flag_remark"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flag.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[FlagState]
    words: Mapped[str] = mapped_column(Text)
    remarked_at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="joined", innerjoin=True)
