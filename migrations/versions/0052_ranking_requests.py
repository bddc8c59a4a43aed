"""Rankings that the background computes."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
UNDER_WAY = sa.text("snapshot_id IS NULL")


def upgrade():
    op.create_table(
        "ranking_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_ranking_request_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["ranking_snapshot.id"],
            name=op.f("fk_ranking_request_snapshot_id_ranking_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_request")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_ranking_request_snapshot_id")),
    )
    op.create_index(
        "uq_ranking_request_as_of",
        "ranking_request",
        ["as_of"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade():
    op.drop_table("ranking_request")
