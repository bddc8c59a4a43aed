"""Drafts before evaluated units, their opinions with every answer, and the units' letters."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
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
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("scores_before", sa.JSON(), nullable=False),
        sa.Column("responded_at", UTC_TIME, nullable=True),
        sa.Column("responded_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("close_words", sa.Text(), nullable=False),
        sa.Column("scores_after", sa.JSON(), nullable=True),
        key("consultation", "engagement_id", "engagement"),
        key("consultation", "unit_id", "organisation"),
        key("consultation", "version_id", "paper_version"),
        key("consultation", "sent_by_id", "user_account"),
        key("consultation", "responded_by_id", "user_account"),
        key("consultation", "closed_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_consultation_engagement_id_number")
        ),
    )
    op.create_index(op.f("ix_consultation_unit_closed"), "consultation", ["unit_id", "closed_at"])
    op.create_table(
        "consultation_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("verdict", KIND, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("answered_at", UTC_TIME, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verdict IS NULL OR length(reason) > 0",
            name=op.f("ck_consultation_opinion_answer_explained"),
        ),
        key("consultation_opinion", "consultation_id", "consultation"),
        key("consultation_opinion", "answered_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_opinion")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_consultation_opinion_consultation_id_number")
        ),
    )
    op.create_table(
        "consultation_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_consultation_file_size_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_consultation_file_sha256_whole")),
        key("consultation_file", "sent_by_id", "user_account"),
        key("consultation_file", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_file")),
    )
    op.create_index(
        op.f("ix_consultation_file_consultation_id"), "consultation_file", ["consultation_id"]
    )


def downgrade():
    for table in ("consultation_file", "consultation_opinion", "consultation"):
        op.drop_table(table)
