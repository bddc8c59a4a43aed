from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, BigKey
from app.engagements.models import Engagement

IN_USE = "voided_at IS NULL"


class PaymentPlan(Base):
    """How a contract is paid; its sums stand here so that the database bounds them by the fee."""

    __tablename__ = "payment_plan"
    __table_args__ = (
        UniqueConstraint("engagement_id"),
        CheckConstraint("planned_fen BETWEEN 0 AND fee_fen", name="planned_within_fee"),
        CheckConstraint("invoiced_fen BETWEEN 0 AND planned_fen", name="invoiced_within_plan"),
        CheckConstraint("paid_fen BETWEEN 0 AND invoiced_fen", name="paid_within_invoices"),
        CheckConstraint("term_days BETWEEN 1 AND 60", name="term_within_law"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    fee_fen: Mapped[int] = mapped_column(BigKey)
    planned_fen: Mapped[int] = mapped_column(BigKey, default=0)
    invoiced_fen: Mapped[int] = mapped_column(BigKey, default=0)
    paid_fen: Mapped[int] = mapped_column(BigKey, default=0)
    term_days: Mapped[int]  # 保障中小企业款项支付条例: 30 days, by agreement at most 60
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    instalments: Mapped[list["Instalment"]] = relationship(
        back_populates="plan", order_by="Instalment.number"
    )


class Instalment(Base):
    """One part of the fee, and when the contract has it paid."""

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("amount_fen > 0", name="amount_counted"),
        CheckConstraint("invoiced_fen BETWEEN 0 AND amount_fen", name="invoiced_within_amount"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    number: Mapped[int]
    condition: Mapped[str] = mapped_column(String(200))  # 付款条件
    amount_fen: Mapped[int] = mapped_column(BigKey)
    planned_on: Mapped[date | None]
    invoiced_fen: Mapped[int] = mapped_column(BigKey, default=0)

    plan: Mapped[PaymentPlan] = relationship(back_populates="instalments")
    invoices: Mapped[list["Invoice"]] = relationship(
        back_populates="instalment", order_by="Invoice.id"
    )

    @property
    def engagement(self) -> Engagement:
        """The contract."""
        return self.plan.engagement


class Invoice(Base):
    """An invoice that the agency handed in; the days to pay count from its receipt."""

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_counted"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid_within_amount"),
        CheckConstraint("received_on >= issued_on", name="received_after_issue"),
        CheckConstraint("voided_at IS NULL OR paid_fen = 0", name="paid_stays"),
        CheckConstraint("(voided_at IS NULL) = (length(void_reason) = 0)", name="void_explained"),
        Index(
            "uq_invoice_code",
            "code",
            unique=True,
            sqlite_where=sql(IN_USE),
            postgresql_where=sql(IN_USE),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"), index=True)
    code: Mapped[str] = mapped_column(String(30))  # 发票号码
    amount_fen: Mapped[int] = mapped_column(BigKey)
    issued_on: Mapped[date]
    received_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    paid_fen: Mapped[int] = mapped_column(BigKey, default=0)
    paid_off_on: Mapped[date | None]  # the day of the payment that settled it
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")

    instalment: Mapped[Instalment] = relationship(back_populates="invoices")
    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id])
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.id")

    @property
    def engagement(self) -> Engagement:
        """The contract."""
        return self.instalment.plan.engagement

    @property
    def left_fen(self) -> int:
        """What is still to be paid of it."""
        return 0 if self.voided_at else self.amount_fen - self.paid_fen


class Payment(Base):
    """Money that went out for an invoice; never edited."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_counted"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    paid_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigKey)
    voucher: Mapped[str] = mapped_column(String(60), default="")  # 支付凭证号
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
