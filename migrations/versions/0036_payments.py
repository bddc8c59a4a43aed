"""Instalments, invoices and payments of contracts."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "payment_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("fee_fen", BIG, nullable=False),
        sa.Column("planned_fen", BIG, nullable=False),
        sa.Column("invoiced_fen", BIG, nullable=False),
        sa.Column("paid_fen", BIG, nullable=False),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_payment_plan_engagement_id")),
        sa.CheckConstraint(
            "planned_fen BETWEEN 0 AND fee_fen", name=op.f("ck_payment_plan_planned_within_fee")
        ),
        sa.CheckConstraint(
            "invoiced_fen BETWEEN 0 AND planned_fen",
            name=op.f("ck_payment_plan_invoiced_within_plan"),
        ),
        sa.CheckConstraint(
            "paid_fen BETWEEN 0 AND invoiced_fen", name=op.f("ck_payment_plan_paid_within_invoices")
        ),
        sa.CheckConstraint(
            "term_days BETWEEN 1 AND 60", name=op.f("ck_payment_plan_term_within_law")
        ),
        key("payment_plan", "engagement_id", "engagement"),
        key("payment_plan", "made_by_id", "user_account"),
    )
    op.create_table(
        "instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("invoiced_fen", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_instalment_plan_id_number")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_instalment_amount_counted")),
        sa.CheckConstraint(
            "invoiced_fen BETWEEN 0 AND amount_fen",
            name=op.f("ck_instalment_invoiced_within_amount"),
        ),
        key("instalment", "plan_id", "payment_plan"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_fen", BIG, nullable=False),
        sa.Column("paid_off_on", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("voided_at", TIME, nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_invoice_amount_counted")),
        sa.CheckConstraint(
            "paid_fen BETWEEN 0 AND amount_fen", name=op.f("ck_invoice_paid_within_amount")
        ),
        sa.CheckConstraint(
            "received_on >= issued_on", name=op.f("ck_invoice_received_after_issue")
        ),
        sa.CheckConstraint("voided_at IS NULL OR paid_fen = 0", name=op.f("ck_invoice_paid_stays")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (length(void_reason) = 0)",
            name=op.f("ck_invoice_void_explained"),
        ),
        key("invoice", "instalment_id", "instalment"),
        key("invoice", "entered_by_id", "user_account"),
        key("invoice", "voided_by_id", "user_account"),
    )
    op.create_index(op.f("ix_invoice_due_on"), "invoice", ["due_on"])
    op.create_index(op.f("ix_invoice_instalment_id"), "invoice", ["instalment_id"])
    op.create_index(
        "uq_invoice_code",
        "invoice",
        ["code"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_amount_counted")),
        key("payment", "invoice_id", "invoice"),
        key("payment", "entered_by_id", "user_account"),
    )
    op.create_index(op.f("ix_payment_invoice_id"), "payment", ["invoice_id"])


def downgrade():
    op.drop_table("payment")
    op.drop_table("invoice")
    op.drop_table("instalment")
    op.drop_table("payment_plan")
