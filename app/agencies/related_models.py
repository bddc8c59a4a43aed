"""Branches and associated experts: what an agency has beside its own people."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Branch(Base):
    """A branch of an agency; one with a credit code of its own answers for itself."""

    __tablename__ = "agency_branch"
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18))
    address: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Associate(Base):
    """An expert with whom an agency works (合作专家), as the agency tells it."""

    __tablename__ = "agency_associate"
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    employer: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
