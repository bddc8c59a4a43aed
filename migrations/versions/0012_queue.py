"""Work that is queued, the turns of periodic jobs, and the queue's own tables on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# The tables of huey's PostgreSQL storage: the portal's own role may make none.
QUEUE = (
    "CREATE SCHEMA queue",
    "CREATE TABLE queue.huey_kv (queue text NOT NULL, key text NOT NULL, value bytea NOT NULL,"
    " PRIMARY KEY (queue, key))",
    "CREATE TABLE queue.huey_schedule (id bigserial PRIMARY KEY, queue text NOT NULL,"
    " data bytea NOT NULL, timestamp double precision NOT NULL)",
    "CREATE INDEX huey_schedule_queue_timestamp ON queue.huey_schedule (queue, timestamp)",
    "CREATE TABLE queue.huey_task (id bigserial PRIMARY KEY, queue text NOT NULL,"
    " data bytea NOT NULL, priority double precision NOT NULL DEFAULT 0.0)",
    "CREATE INDEX huey_task_queue_priority_id ON queue.huey_task (queue, priority DESC, id)",
    "CREATE TABLE queue.huey_counter (queue text NOT NULL, key text NOT NULL,"
    " value bigint NOT NULL DEFAULT 0, PRIMARY KEY (queue, key))",
)


def upgrade():
    op.create_table(
        "queued_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_job")),
    )
    op.create_index("ix_queued_job_done_at", "queued_job", ["done_at"], unique=False)
    op.create_index(
        "ix_queued_job_waiting",
        "queued_job",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    )
    op.create_table(
        "periodic_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=False),
        sa.Column("began_at", TIME, nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_run")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in QUEUE:
            op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA queue CASCADE")
    op.drop_table("periodic_run")
    op.drop_table("queued_job")
