"""What serves for years: acts that say what they do, files whose time is over, time stamps."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.add_column(
        "dangerous_act",
        sa.Column("facts", sa.JSON(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("listed_at", UTC_TIME, nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
        sa.UniqueConstraint("act_id", name=op.f("uq_purge_act_id")),
        sa.CheckConstraint("files > 0", name=op.f("ck_purge_files_counted")),
        key("purge", "act_id", "dangerous_act"),
    )
    op.create_table(
        "purged_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.Column("destroyed_at", UTC_TIME, nullable=True),
        sa.Column("kept_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purged_file")),
        sa.UniqueConstraint("purge_id", "sha256", name=op.f("uq_purged_file_purge_id_sha256")),
        sa.CheckConstraint(
            "destroyed_at IS NULL OR kept_at IS NULL", name=op.f("ck_purged_file_one_end")
        ),
        key("purged_file", "purge_id", "purge"),
        key("purged_file", "engagement_id", "engagement"),
    )
    op.create_index("ix_purged_file_sha256", "purged_file", ["sha256"])
    op.create_index(op.f("ix_purged_file_engagement_id"), "purged_file", ["engagement_id"])
    op.create_table(
        "time_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("stamped_at", UTC_TIME, nullable=False),
        sa.Column("received_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_stamp")),
        sa.UniqueConstraint("about", name=op.f("uq_time_stamp_about")),
    )


def downgrade():
    for table in ("time_stamp", "purged_file", "purge"):
        op.drop_table(table)
    op.drop_column("dangerous_act", "facts")
