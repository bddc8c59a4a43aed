from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base


class HolidayTable(Base):
    """One year's working days after the notice; a later row of the same year replaces it."""

    __tablename__ = "holiday_table"
    __table_args__ = (CheckConstraint("year BETWEEN 2000 AND 2099", name="year_of_business"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(120))  # 文号
    told: Mapped[str] = mapped_column(Text)  # JSON as clock.read_table takes it: {"off", "work"}
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    added_by: Mapped[User] = relationship()
