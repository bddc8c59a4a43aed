"""How many of those invited after a draw are newcomers at least, as the notice says."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade():
    column = sa.Column("newcomers", sa.Integer(), server_default="0", nullable=False)
    op.add_column("invited_places", column)


def downgrade():
    op.drop_column("invited_places", "newcomers")
