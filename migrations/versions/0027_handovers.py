"""Hand-overs of open work, and deputies during leave."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("giver_confirmed_at", TIME, nullable=True),
        sa.Column("taker_confirmed_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_handover_two_people")),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["user_account.id"], name=op.f("fk_handover_giver_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_handover_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["taker_id"], ["user_account.id"], name=op.f("fk_handover_taker_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_taker_id", "handover", ["taker_id"], unique=False)
    op.create_index(
        "uq_handover_giver_id",
        "handover",
        ["giver_id"],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "deputyship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_deputyship_ends_after_start")),
        sa.CheckConstraint("principal_id <> deputy_id", name=op.f("ck_deputyship_two_people")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["user_account.id"], name=op.f("fk_deputyship_deputy_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"],
            ["user_account.id"],
            name=op.f("fk_deputyship_named_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"],
            ["user_account.id"],
            name=op.f("fk_deputyship_principal_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputyship")),
    )
    op.create_index("ix_deputyship_deputy_id", "deputyship", ["deputy_id", "ends_on"], unique=False)
    op.create_index(
        "ix_deputyship_principal_id", "deputyship", ["principal_id", "ends_on"], unique=False
    )


def downgrade():
    op.drop_table("deputyship")
    op.drop_table("handover")
