"""Addresses of mails and secrets of targets, encrypted beside their plain columns, which empty."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("message_choice", sa.Column("sealed_email", sa.Text(), nullable=True))
    op.add_column("message_target", sa.Column("sealed_secret", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("message_target", "sealed_secret")
    op.drop_column("message_choice", "sealed_email")
