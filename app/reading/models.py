from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.policy import Role


class Handout(StrEnum):
    """What a download gives."""

    ORIGINAL = "original"  # 原件
    COPY = "copy"  # 水印阅览件


class ReadingRule(Base):
    """What people of a role get when they download. A role without a row gets the original."""

    __tablename__ = "reading_rule"
    role: Mapped[Role] = mapped_column(primary_key=True)
    handout: Mapped[Handout]
