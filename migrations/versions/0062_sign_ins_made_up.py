"""Sign-ins that were made up for somebody, and when a course was last edited, for the search."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "made_up_sign_in",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "made_by_id <> user_id", name=op.f("ck_made_up_sign_in_made_by_another")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_made_up_sign_in_reason_given")),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_made_up_sign_in_made_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "user_id"],
            ["session_sign_in.session_id", "session_sign_in.user_id"],
            name=op.f("fk_made_up_sign_in_session_id_session_sign_in"),
        ),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f("pk_made_up_sign_in")),
    )
    op.add_column("course", sa.Column("edited_at", UTC_TIME, nullable=True))


def downgrade():
    op.drop_column("course", "edited_at")
    op.drop_table("made_up_sign_in")
