"""Addresses of targets, which hold a robot's key, encrypted beside their plain column."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("message_target", sa.Column("sealed_url", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("message_target", "sealed_url")
