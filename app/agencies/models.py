from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, User
from app.db import Base


class AgencyType(StrEnum):
    """Kinds of third-party agency, after 财监〔2021〕4号 article 2."""

    CONSULTANCY = "consultancy"  # 专业咨询机构
    ACCOUNTING = "accounting"  # 会计师事务所
    APPRAISAL = "appraisal"  # 资产评估机构
    LAW = "law"  # 律师事务所
    RESEARCH = "research"  # 科研院所
    UNIVERSITY = "university"  # 高等院校
    OTHER = "other"  # 其他


class Agency(Base):
    """A third-party agency in the directory (名录/信用档案), never a condition for bidding."""

    __tablename__ = "agency"
    id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    agency_type: Mapped[AgencyType]
    legal_representative: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    established_on: Mapped[date | None]
    platform_number: Mapped[str] = mapped_column(String(60), default="")  # 财政部信用管理平台,自愿
    registered_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.organisation.name

    @property
    def agency_id(self) -> int:
        """The policy's words speak of agency_id; an agency is its own."""
        return self.id


class Evaluator(Base):
    """A practitioner of an agency; a lead evaluator (主评人) once qualified and confirmed."""

    __tablename__ = "evaluator"
    __table_args__ = (
        UniqueConstraint("user_id"),
        CheckConstraint(
            "evaluating_since IS NULL OR evaluating_since >= working_since",
            name="evaluating_after_working",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(60))
    qualification: Mapped[str] = mapped_column(String(120), default="")  # 职称或执业资格
    working_since: Mapped[date]
    evaluating_since: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    left_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")

    agency: Mapped[Agency] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
