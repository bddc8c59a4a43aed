"""Opinions name a page and an indicator; a stage has opinions of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.add_column("guidance_note", sa.Column("page", sa.Integer(), nullable=True))
    code = sa.Column("indicator_code", sa.String(length=20), nullable=False, server_default="")
    op.add_column("guidance_note", code)
    op.create_table(
        "stage_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("indicator_code", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.Column("settled_at", UTC_TIME, nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        key("stage_note", "engagement_id", "engagement"),
        key("stage_note", "stage_id", "stage"),
        key("stage_note", "author_id", "user_account"),
        key("stage_note", "settled_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_note")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_stage_note_engagement_id_number")
        ),
    )
    op.create_index(op.f("ix_stage_note_stage_id"), "stage_note", ["stage_id"])
    op.create_table(
        "stage_note_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        key("stage_note_reply", "note_id", "stage_note"),
        key("stage_note_reply", "author_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_note_reply")),
    )
    op.create_index(op.f("ix_stage_note_reply_note_id"), "stage_note_reply", ["note_id"])


def downgrade():
    op.drop_table("stage_note_reply")
    op.drop_table("stage_note")
    op.drop_column("guidance_note", "indicator_code")
    op.drop_column("guidance_note", "page")
