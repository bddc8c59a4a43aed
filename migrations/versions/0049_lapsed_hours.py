"""The rule that tells of lead evaluators whose hours of training ran out."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

KIND = "hours_lapsed"
RULES = sa.table(
    "alert_rule",
    sa.column("kind", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("is_on", sa.Boolean()),
    sa.column("settings", sa.JSON()),
    sa.column("answer_days", sa.Integer()),
    sa.column("reason", sa.Text()),
    sa.column("made_at", sa.DateTime(timezone=True)),
)


def upgrade():
    shipped = {"kind": KIND, "version": 1, "is_on": True, "settings": {"least": 24}}
    told = {"answer_days": 10, "reason": "", "made_at": datetime.now(UTC)}
    op.bulk_insert(RULES, [{**shipped, **told}])


def downgrade():
    for table in ("alert", "alert_rule"):
        rows = sa.table(table, sa.column("kind", sa.String()))
        op.execute(sa.delete(rows).where(rows.c.kind == KIND))
