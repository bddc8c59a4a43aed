from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.agencies.models import Agency
from app.conflicts.rules import LinkKind, RelationKind
from app.db import Base
from app.engagements.models import Engagement


class AgencyRelation(Base):
    """What ties an agency to somebody: a head, an owner, a former post, a service to a unit."""

    __tablename__ = "agency_relation"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),
        CheckConstraint("organisation_id IS NOT NULL OR party_name <> ''", name="party_named"),
        CheckConstraint(
            "share_percent IS NULL OR share_percent BETWEEN 0 AND 100", name="share_counted"
        ),
        Index("ix_agency_relation_kind", "kind", "withdrawn_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[RelationKind]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    party_name: Mapped[str] = mapped_column(String(200), default="")
    party_code: Mapped[str] = mapped_column(String(40), default="")  # tells namesakes apart
    person: Mapped[str] = mapped_column(String(60), default="")  # whose former post it is
    project: Mapped[str] = mapped_column(String(200), default="")
    share_percent: Mapped[int | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # NULL: it lasts
    source: Mapped[str] = mapped_column(String(300), default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")

    agency: Mapped[Agency] = relationship()
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def party(self) -> str:
        """Who is at the other end."""
        return self.organisation.name if self.organisation else self.party_name


class ConflictLink(Base):
    """A mere link that was found when an engagement was opened; the leader may accept it."""

    __tablename__ = "conflict_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    kind: Mapped[LinkKind]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    found_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    engagement: Mapped[Engagement] = relationship()

    @property
    def is_awaited(self) -> bool:
        """Whether the leader has not accepted it yet."""
        return self.accepted_at is None
