"""Files may wait for the scanner after their sender was answered, and their form with them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KEYS = {
    "engagement_id": "engagement",
    "author_id": "user_account",
    "paper_id": "working_paper",
    "stage_id": "stage",
    "task_id": "task",
    "version_id": "paper_version",
}


def upgrade():
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("index_no", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("received_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(paper_id IS NULL) = (stage_id IS NOT NULL)",
            name=op.f("ck_submission_paper_old_or_new"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_submission_{column}_{table}")
            )
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index("ix_submission_engagement_waiting", "submission", ["engagement_id", "ended_at"])
    with op.batch_alter_table("upload") as table:
        table.add_column(sa.Column("check_asked_at", UTC_TIME, nullable=True))
        table.add_column(sa.Column("refused_at", UTC_TIME, nullable=True))
        table.add_column(
            sa.Column("finding", sa.String(length=40), nullable=False, server_default="")
        )
        table.add_column(sa.Column("submission_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key(
            op.f("fk_upload_submission_id_submission"), "submission", ["submission_id"], ["id"]
        )
        table.create_index(op.f("ix_upload_submission_id"), ["submission_id"])


def downgrade():
    with op.batch_alter_table("upload") as table:
        table.drop_index(op.f("ix_upload_submission_id"))
        table.drop_constraint(op.f("fk_upload_submission_id_submission"), type_="foreignkey")
        for column in ("position", "submission_id", "finding", "refused_at", "check_asked_at"):
            table.drop_column(column)
    op.drop_table("submission")
