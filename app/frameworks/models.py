from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agencies.models import Agency, Evaluator
from app.db import Base, BigKey
from app.procurement.methods import Method
from app.procurement.models import Lot, Need


class Outcome(StrEnum):
    """What came of a turn."""

    TAKEN = "taken"  # 承接
    DECLINED = "declined"  # 放弃
    BARRED = "barred"  # 应回避或不具备条件


class Framework(Base):
    """A framework agreement (框架协议): its first stage, as the province's platform found it."""

    __tablename__ = "framework_agreement"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("ends_on > starts_on", name="term_runs"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80))  # 协议编号
    name: Mapped[str] = mapped_column(String(200))
    way: Mapped[Method]  # of the second stage
    unit_name: Mapped[str] = mapped_column(String(40))  # 计价单位
    result_url: Mapped[str] = mapped_column(String(400))  # 入围结果公告
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    members: Mapped[list["Member"]] = relationship(
        back_populates="framework", order_by="Member.place"
    )
    turns: Mapped[list["Turn"]] = relationship(back_populates="framework", order_by="Turn.number")

    def is_in_term(self, day: date) -> bool:
        """Whether the agreement holds on a day."""
        return self.starts_on <= day <= self.ends_on


class Member(Base):
    """An agency of an agreement, with its place in the rotation and its agreed price."""

    __tablename__ = "framework_member"
    __table_args__ = (
        UniqueConstraint("framework_id", "agency_id"),
        UniqueConstraint("framework_id", "place"),
        CheckConstraint("price_fen > 0", name="price_named"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework_agreement.id"))
    place: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    price_fen: Mapped[int] = mapped_column(BigKey)  # 协议单价,每计价单位
    left_at: Mapped[datetime | None]
    leave_reason: Mapped[str] = mapped_column(Text, default="")

    framework: Mapped[Framework] = relationship(back_populates="members")
    agency: Mapped[Agency] = relationship()
    evaluator: Mapped[Evaluator] = relationship()


class FrameworkNeed(Base):
    """Under which agreement a need is placed."""

    __tablename__ = "framework_need"
    need_id: Mapped[int] = mapped_column(
        ForeignKey("procurement_need.id"), primary_key=True, autoincrement=False
    )
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework_agreement.id"))
    named_at: Mapped[datetime]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    need: Mapped[Need] = relationship()
    framework: Mapped[Framework] = relationship()


class Turn(Base):
    """One turn of the rotation: whose it was, for which lot, and what came of it."""

    __tablename__ = "framework_turn"
    __table_args__ = (UniqueConstraint("framework_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework_agreement.id"))
    number: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("framework_member.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("procurement_lot.id"))
    outcome: Mapped[Outcome]
    reason: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime]
    told_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    framework: Mapped[Framework] = relationship(back_populates="turns")
    member: Mapped[Member] = relationship()
    lot: Mapped[Lot] = relationship()
