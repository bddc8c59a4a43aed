"""Agencies that sign up together name their agreement (联合体)."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "joint_offer",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_joint_offer_consortium_id_consortium"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["procurement_offer.id"],
            name=op.f("fk_joint_offer_offer_id_procurement_offer"),
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_joint_offer")),
    )


def downgrade():
    op.drop_table("joint_offer")
