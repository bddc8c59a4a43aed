"""Notices of rectification, their findings with report, evidence and decision, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "rectification_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        key("rectification_notice", "engagement_id", "engagement"),
        key("rectification_notice", "unit_id", "organisation"),
        key("rectification_notice", "issued_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_notice")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_rectification_notice_engagement_id_number")
        ),
    )
    op.create_index(op.f("ix_rectification_notice_unit_id"), "rectification_notice", ["unit_id"])
    op.create_table(
        "rectification_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("reported_at", UTC_TIME, nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_fen >= 0", name=op.f("ck_rectification_item_amount_not_negative")
        ),
        sa.CheckConstraint("late_days >= 0", name=op.f("ck_rectification_item_late_days_counted")),
        key("rectification_item", "notice_id", "rectification_notice"),
        key("rectification_item", "reported_by_id", "user_account"),
        key("rectification_item", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_item")),
        sa.UniqueConstraint(
            "notice_id", "number", name=op.f("uq_rectification_item_notice_id_number")
        ),
    )
    op.create_index(
        op.f("ix_rectification_item_state_due"), "rectification_item", ["state", "due_on"]
    )
    op.create_table(
        "rectification_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_rectification_file_size_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_rectification_file_sha256_whole")),
        key("rectification_file", "sent_by_id", "user_account"),
        key("rectification_file", "item_id", "rectification_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_file")),
    )
    op.create_index(op.f("ix_rectification_file_item_id"), "rectification_file", ["item_id"])
    op.create_table(
        "rectification_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        key("rectification_reminder", "notice_id", "rectification_notice"),
        key("rectification_reminder", "sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_reminder")),
    )
    op.create_index(
        op.f("ix_rectification_reminder_notice_id"), "rectification_reminder", ["notice_id"]
    )


def downgrade():
    for table in (
        "rectification_reminder",
        "rectification_file",
        "rectification_item",
        "rectification_notice",
    ):
        op.drop_table(table)
