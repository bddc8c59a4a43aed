from datetime import date, datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.db import Base
from app.policy import Role


class OrganisationKind(StrEnum):
    """What an organisation is in the district."""

    BUREAU = "bureau"  # 财政局本级(绩效科、局领导、管理员)
    SECTION = "section"  # 业务科室
    DEPARTMENT = "department"  # 主管部门
    UNIT = "unit"  # 预算单位
    FINANCE_OFFICE = "finance_office"  # 镇街财政所
    AGENCY = "agency"  # 第三方机构


UNIT_KINDS = (OrganisationKind.UNIT, OrganisationKind.DEPARTMENT, OrganisationKind.FINANCE_OFFICE)


class Organisation(Base):
    """A body that people belong to. An agency's further particulars share its key."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    finance_office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    department: Mapped["Organisation | None"] = relationship(
        foreign_keys=[department_id], remote_side=[id]
    )
    finance_office: Mapped["Organisation | None"] = relationship(
        foreign_keys=[finance_office_id], remote_side=[id]
    )


class User(UserMixin, Base):
    """A person's account: one person, one organisation, one role."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("failed_sign_ins >= 0", name="failed_sign_ins_counted"),
        Index("ix_user_account_organisation_role", "organisation_id", "role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    password_set_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_stamp: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str | None] = mapped_column(String(12))
    access_ends_on: Mapped[date | None]  # an inspector's access ends by itself
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_active(self) -> bool:
        """Whether account and organisation are neither closed nor past their last day."""
        if self.closed_at is not None or self.organisation.closed_at is not None:
            return False
        return self.access_ends_on is None or clock.today() <= self.access_ends_on

    @property
    def agency_id(self) -> int | None:
        """The agency of the person, if they work for one."""
        is_agency = self.organisation.kind is OrganisationKind.AGENCY
        return self.organisation_id if is_agency else None

    def get_id(self) -> str:
        """What the session cookie carries: a changed stamp ends every session of the person."""
        return f"{self.id}.{self.session_stamp}"


class FormerPassword(Base):
    """The hash of a password that somebody had; the newest of them may not come again."""

    __tablename__ = "former_password"
    __table_args__ = (Index("ix_former_password_user_id_id", "user_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime]


class AddressAttempt(Base):
    """One failed try from an address, which stands here as a hash; kept for a day."""

    __tablename__ = "address_attempt"
    __table_args__ = (Index("ix_address_attempt_kind_address_at", "kind", "address", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
