"""Lists of material asked of units, their items with what was handed over, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
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
        "document_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", KIND, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        key("document_request", "engagement_id", "engagement"),
        key("document_request", "task_id", "task"),
        key("document_request", "unit_id", "organisation"),
        key("document_request", "made_by_id", "user_account"),
        key("document_request", "sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_request")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_document_request_engagement_id_number")
        ),
    )
    op.create_index(
        op.f("ix_document_request_unit_sent"), "document_request", ["unit_id", "sent_at"]
    )
    op.create_table(
        "request_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", KIND, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("supplied_at", UTC_TIME, nullable=True),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "working_days BETWEEN 1 AND 250", name=op.f("ck_request_item_working_days_counted")
        ),
        sa.CheckConstraint("late_days >= 0", name=op.f("ck_request_item_late_days_counted")),
        key("request_item", "request_id", "document_request"),
        key("request_item", "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_item")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_request_item_request_id_number")),
    )
    op.create_index(op.f("ix_request_item_state_due"), "request_item", ["state", "due_on"])
    op.create_table(
        "request_file",
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
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_request_file_size_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_request_file_sha256_whole")),
        key("request_file", "sent_by_id", "user_account"),
        key("request_file", "item_id", "request_item"),
        key("request_file", "paper_id", "working_paper"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_file")),
    )
    op.create_index(op.f("ix_request_file_item_id"), "request_file", ["item_id"])
    op.create_table(
        "request_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        key("request_reminder", "request_id", "document_request"),
        key("request_reminder", "sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_reminder")),
    )
    op.create_index(op.f("ix_request_reminder_request_id"), "request_reminder", ["request_id"])


def downgrade():
    for table in ("request_reminder", "request_file", "request_item", "document_request"):
        op.drop_table(table)
