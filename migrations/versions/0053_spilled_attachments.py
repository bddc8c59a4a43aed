"""Reported files that belong to no working paper."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

PLACED = "(version_id IS NULL) = (file_id IS NOT NULL)"


def upgrade():
    with op.batch_alter_table("spill") as table:
        table.alter_column("version_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(
            sa.Column("file_kind", sa.String(length=40), nullable=False, server_default="")
        )
        table.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("engagement_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_spill_engagement_id_engagement"), "engagement", ["engagement_id"], ["id"]
        )
        table.create_check_constraint(op.f("ck_spill_placed"), PLACED)
    op.execute(
        "UPDATE spill SET engagement_id = (SELECT p.engagement_id FROM paper_version v"
        " JOIN working_paper p ON p.id = v.paper_id WHERE v.id = spill.version_id)"
    )


def downgrade():
    with op.batch_alter_table("spill") as table:
        table.drop_constraint(op.f("ck_spill_placed"), type_="check")
        table.drop_constraint(op.f("fk_spill_engagement_id_engagement"), type_="foreignkey")
        for column in ("engagement_id", "file_id", "file_kind"):
            table.drop_column(column)
        table.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
