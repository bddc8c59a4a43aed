"""Tables of the weights: how much each kind of buyer and each dimension counts, in versions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Party


class WeightVersion(Base):
    """One version of all weights, with its reason and the day from which it holds."""

    __tablename__ = "weight_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    holds_from: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    made_by: Mapped[User | None] = relationship()
    parties: Mapped[list["WeightOfParty"]] = relationship(lazy="selectin")
    cells: Mapped[list["WeightCell"]] = relationship(lazy="selectin")


class WeightOfParty(Base):
    """How much a kind of buyer counts in a version."""

    __tablename__ = "weight_of_party"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)
    version_id: Mapped[int] = mapped_column(ForeignKey("weight_version.id"), primary_key=True)
    party: Mapped[Party] = mapped_column(primary_key=True)
    weight: Mapped[int]


class WeightCell(Base):
    """How much a dimension counts in the stars of one kind of buyer; NULL: it isn't asked."""

    __tablename__ = "weight_cell"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)
    version_id: Mapped[int] = mapped_column(ForeignKey("weight_version.id"), primary_key=True)
    party: Mapped[Party] = mapped_column(primary_key=True)
    dimension_id: Mapped[int] = mapped_column(ForeignKey("dimension.id"), primary_key=True)
    weight: Mapped[int | None]
