"""The pool of experts, and panels that are drawn from it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "expert",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("shut_out", sa.JSON(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("rests_since", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_expert_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_expert")),
    )
    op.create_table(
        "panel_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("beacon_id", sa.String(length=200), nullable=False),
        sa.Column("beacon_from", TIME, nullable=False),
        sa.Column("frozen_at", TIME, nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("beacon_source", sa.String(length=400), nullable=False),
        sa.Column("drawn_at", TIME, nullable=True),
        sa.Column("voided_at", TIME, nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(commitment) = 64", name=op.f("ck_panel_draw_commitment_whole")),
        sa.CheckConstraint("places > 0", name=op.f("ck_panel_draw_places_counted")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_panel_draw_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"],
            ["user_account.id"],
            name=op.f("fk_panel_draw_frozen_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_draw")),
        sa.UniqueConstraint(
            "engagement_id", "attempt", name=op.f("uq_panel_draw_engagement_id_attempt")
        ),
    )


def downgrade():
    op.drop_table("panel_draw")
    op.drop_table("expert")
