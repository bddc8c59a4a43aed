"""The working days of coming years as people enter them; acts in the log are found by who did them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "holiday_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "year BETWEEN 2000 AND 2099", name=op.f("ck_holiday_table_year_of_business")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["user_account.id"],
            name=op.f("fk_holiday_table_added_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_table")),
    )
    op.create_index(op.f("ix_holiday_table_year"), "holiday_table", ["year"], unique=False)
    op.create_index("ix_audit_event_actor_id_id", "audit_event", ["actor_id", "id"])


def downgrade():
    op.drop_index("ix_audit_event_actor_id_id", "audit_event")
    op.drop_table("holiday_table")
