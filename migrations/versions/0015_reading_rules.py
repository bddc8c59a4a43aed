"""Which roles get reading copies instead of originals."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "reading_rule",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("handout", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_reading_rule")),
    )


def downgrade():
    op.drop_table("reading_rule")
