from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

WAITS = text("done_at IS NULL AND failed_at IS NULL")


class QueuedJob(Base):
    """Work that somebody's change asked for: written with the change, kept until it is done.

    The queue carries only its number. Whoever works takes the row for a while (`claimed_until`);
    a worker that was killed leaves it to the next.
    """

    __tablename__ = "queued_job"
    __table_args__ = (
        Index("ix_queued_job_waiting", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_queued_job_done_at", "done_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]  # handed to the queue; the sweep hands it in again
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(String(120), default="")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")  # of the last try that failed
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # given up; a person may try again


class PeriodicRun(Base):
    """When something that is done again and again was done, and who does it at the moment."""

    __tablename__ = "periodic_run"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(String(120), default="")
    began_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)  # in a row
