from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class TimeStamp(Base):
    """One time-stamp token over the SHA-256 of a file or a checkpoint; never changed."""

    __tablename__ = "time_stamp"
    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(120), unique=True)  # as the log names it
    sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[bytes]  # the whole reply (.tsr), as anybody's tools take it
    authority: Mapped[str] = mapped_column(String(200))
    serial: Mapped[str] = mapped_column(String(80))
    stamped_at: Mapped[datetime]  # what the authority says
    received_at: Mapped[datetime]
