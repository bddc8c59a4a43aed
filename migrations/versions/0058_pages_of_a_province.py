"""Indexes by which a province's workbench, warnings and assessments are counted."""

from alembic import op

from app.migrating import add_index

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

ENDED = "coalesce(accepted_at, refused_at, terminated_at)"


def upgrade():
    add_index(
        "ix_stage_course",
        "stage",
        ["engagement_id", "position", "due_on", "submitted_at", "approved_at"],
    )
    add_index(
        "ix_alert_waiting",
        "alert",
        ["owner_id", "due_on", "escalated_at", "engagement_id"],
        where="ended_at IS NULL",
    )
    add_index("ix_engagement_finished", "engagement", ["id"], where=f"{ENDED} IS NOT NULL")
    # By the day that its work ended; of an expression, so PostgreSQL alone has it.
    if op.get_context().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute('DROP INDEX CONCURRENTLY IF EXISTS "ix_engagement_ended"')
            op.execute(
                f"CREATE INDEX CONCURRENTLY ix_engagement_ended ON engagement ({ENDED}, id)"
                f" WHERE {ENDED} IS NOT NULL"
            )


def downgrade():
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_engagement_ended", "engagement")
    op.drop_index("ix_engagement_finished", "engagement")
    op.drop_index("ix_alert_waiting", "alert")
    op.drop_index("ix_stage_course", "stage")
