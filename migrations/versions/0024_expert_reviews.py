"""Meetings of experts, their seats with statement and sheet, their opinions with the answers."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "expert_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("rule", KIND, nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("called_by_id", sa.Integer(), nullable=False),
        sa.Column("called_at", UTC_TIME, nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("concluded_at", UTC_TIME, nullable=True),
        sa.Column("concluded_by_id", sa.Integer(), nullable=True),
        sa.Column("hundredths", sa.Integer(), nullable=True),
        key("expert_review", "engagement_id", "engagement"),
        key("expert_review", "version_id", "paper_version"),
        key("expert_review", "called_by_id", "user_account"),
        key("expert_review", "concluded_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_review")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_expert_review_engagement_id_number")
        ),
    )
    op.create_table(
        "expert_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("stated_at", UTC_TIME, nullable=True),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "submitted_at IS NULL OR stated_at IS NOT NULL",
            name=op.f("ck_expert_seat_stated_first"),
        ),
        key("expert_seat", "review_id", "expert_review"),
        key("expert_seat", "expert_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_seat")),
        sa.UniqueConstraint(
            "review_id", "expert_id", name=op.f("uq_expert_seat_review_id_expert_id")
        ),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_expert_seat_review_id_number")),
    )
    op.create_index(
        op.f("ix_expert_seat_expert_submitted"), "expert_seat", ["expert_id", "submitted_at"]
    )
    op.create_table(
        "expert_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", UTC_TIME, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        key("expert_opinion", "review_id", "expert_review"),
        key("expert_opinion", "seat_id", "expert_seat"),
        key("expert_opinion", "answered_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_opinion")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_expert_opinion_review_id_number")),
    )
    op.create_index(op.f("ix_expert_opinion_seat_id"), "expert_opinion", ["seat_id"])


def downgrade():
    for table in ("expert_opinion", "expert_seat", "expert_review"):
        op.drop_table(table)
