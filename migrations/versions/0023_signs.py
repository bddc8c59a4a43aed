"""Signs that the screens raise, and what people say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)


def upgrade():
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("screen", KIND, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("raised_at", UTC_TIME, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_flag_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_flag_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["user_account.id"], name=op.f("fk_flag_rater_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("screen", "mark", name=op.f("uq_flag_screen_mark")),
    )
    op.create_index(op.f("ix_flag_agency_id"), "flag", ["agency_id"], unique=False)
    op.create_index(op.f("ix_flag_engagement_id"), "flag", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_flag_rater_id"), "flag", ["rater_id"], unique=False)
    op.create_index("ix_flag_state", "flag", ["state", "id"], unique=False)
    op.create_table(
        "flag_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("remarked_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_flag_remark_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_remark_flag_id_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_remark")),
    )
    op.create_index(op.f("ix_flag_remark_flag_id"), "flag_remark", ["flag_id"], unique=False)


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
