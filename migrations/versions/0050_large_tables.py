"""Indexes by which the pages of a province find what they show."""

from alembic import op

from app.migrating import add_index

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade():
    add_index("ix_audit_event_event_id", "audit_event", ["event", "id"])


def downgrade():
    op.drop_index("ix_audit_event_event_id", "audit_event")
