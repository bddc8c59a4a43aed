"""What a ranking was computed on and its signed statement are kept; its rows tell more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT = "salt, inputs, workings, public, statement, summary"
OF_PUBLISHED = "SELECT 1 FROM ranking_snapshot WHERE published_at IS NOT NULL AND id ="


def upgrade():
    for name, kind in (
        ("summary", sa.Text()),
        ("salt", sa.String(length=64)),
        ("public", sa.Text()),
        ("statement", sa.Text()),
    ):
        column = sa.Column(name, kind, server_default="", nullable=False)
        op.add_column("ranking_snapshot", column)
    for name in ("inputs", "workings"):
        op.add_column("ranking_snapshot", sa.Column(name, sa.LargeBinary(), nullable=True))
    for name in ("part", "raters", "units"):
        column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("ranking_row", column)
    for name in ("top", "on_time", "returns"):
        op.add_column("ranking_row", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("ranking_row", sa.Column("told", sa.Text(), server_default="", nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER ranking_snapshot_keeps BEFORE UPDATE OF {KEPT} ON ranking_snapshot"
            f" WHEN EXISTS ({OF_PUBLISHED} OLD.id)"
            " BEGIN SELECT RAISE(ABORT, 'a published ranking is frozen'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER ranking_snapshot_keeps BEFORE UPDATE OF {KEPT} ON ranking_snapshot"
            " FOR EACH ROW EXECUTE FUNCTION ranking_snapshot_refuse()"
        )


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
