"""Files that are sent for other records than papers wait for the scanner on the same way."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade():
    kind = sa.Column("record_kind", sa.String(length=40), server_default="", nullable=False)
    op.add_column("upload", kind)
    op.add_column("upload", sa.Column("record_id", sa.Integer(), nullable=True))
    op.create_index("ix_upload_record", "upload", ["record_kind", "record_id"])


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
