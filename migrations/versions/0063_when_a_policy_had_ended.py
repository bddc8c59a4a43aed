"""When a policy had ended, also in what stood before."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("exchange_edition", sa.Column("ended_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("exchange_edition", "ended_on")
