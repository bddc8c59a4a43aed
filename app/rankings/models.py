from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.db import Base

UNDER_WAY = text("snapshot_id IS NULL")


class RankingSnapshot(Base):
    """A dated ranking: its method, parameters, data digest and exact result, never changed."""

    __tablename__ = "ranking_snapshot"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_ranking_snapshot_published", "published_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(120))
    as_of: Mapped[date]  # ratings unsealed up to and including this day count
    since: Mapped[date | None]
    method: Mapped[str] = mapped_column(String(40))
    parameters: Mapped[str] = mapped_column(Text)  # canonical JSON
    result: Mapped[str] = mapped_column(Text, deferred=True)  # canonical JSON, what is digested
    summary: Mapped[str] = mapped_column(Text, default="")  # the result without its rows
    salt: Mapped[str] = mapped_column(String(64), default="")  # the keys of its ratings are made of
    inputs: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # what was computed on
    workings: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # terms by rating
    public: Mapped[str] = mapped_column(Text, default="", deferred=True)  # what everybody may hold
    statement: Mapped[str] = mapped_column(Text, default="")  # the digests, signed on publication
    data_digest: Mapped[str] = mapped_column(String(64))
    result_digest: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    rows: Mapped[list["RankingRow"]] = relationship(order_by="RankingRow.position")


class RankingRow(Base):
    """One agency in a snapshot."""

    __tablename__ = "ranking_row"
    __table_args__ = (UniqueConstraint("snapshot_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("ranking_snapshot.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    position: Mapped[int]  # order in the list
    part: Mapped[int] = mapped_column(default=0)  # agencies of different parts have no common order
    rank: Mapped[int | None]  # NULL: 样本不足 or 未评
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    band: Mapped[str | None] = mapped_column(String(1))
    score: Mapped[float | None]
    score_low: Mapped[float | None]
    score_high: Mapped[float | None]
    raw_mean: Mapped[float | None]
    reliability: Mapped[float]
    engagements: Mapped[int]
    reviews: Mapped[int]
    raters: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)
    top: Mapped[float | None]
    on_time: Mapped[float | None]  # share of stages handed in by their day
    returns: Mapped[float | None]  # rounds of return an engagement
    unit_mean: Mapped[float | None]
    performance_mean: Mapped[float | None]
    section_mean: Mapped[float | None]
    told: Mapped[str] = mapped_column(Text, default="")  # all that is shown of it, canonical JSON

    agency: Mapped[Agency] = relationship()


class RankingRequest(Base):
    """A ranking that somebody asked for: of what, and what the background made of it.

    How far it is, its job in the queue tells (`queries.standing_of`).
    """

    __tablename__ = "ranking_request"
    __table_args__ = (
        UniqueConstraint("snapshot_id"),
        Index(
            "uq_ranking_request_as_of",
            "as_of",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    since: Mapped[date | None]
    as_of: Mapped[date]
    needs: Mapped[dict[str, Any]] = mapped_column(JSON)  # the settings when it was asked for
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    job_id: Mapped[int]  # its number in the queue; rows of the queue go a week after they are done
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("ranking_snapshot.id"))

    asked_by: Mapped[User] = relationship()
