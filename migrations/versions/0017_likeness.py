"""Texts of papers, the marks by which alike ones are found, alarms, and words that don't count."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "file_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("outcome", KIND, nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_text")),
    )
    op.create_table(
        "text_bucket",
        sa.Column("bucket", BIG, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "sha256", name=op.f("pk_text_bucket")),
    )
    op.create_index("ix_text_bucket_sha256", "text_bucket", ["sha256"])
    op.create_table(
        "likeness_check",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_at", UTC_TIME, nullable=False),
        key("likeness_check", "version_id", "paper_version"),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_likeness_check")),
    )
    op.create_table(
        "likeness_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("other_sha256", sa.String(length=64), nullable=False),
        sa.Column("likeness", KIND, nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("found_at", UTC_TIME, nullable=False),
        sa.Column("settled_at", UTC_TIME, nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "share BETWEEN 0 AND 1000", name=op.f("ck_likeness_alarm_share_of_thousand")
        ),
        sa.CheckConstraint("version_id <> other_id", name=op.f("ck_likeness_alarm_of_two")),
        key("likeness_alarm", "version_id", "paper_version"),
        key("likeness_alarm", "other_id", "paper_version"),
        key("likeness_alarm", "settled_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_alarm")),
        sa.UniqueConstraint(
            "version_id", "other_id", name=op.f("uq_likeness_alarm_version_id_other_id")
        ),
    )
    op.create_index(op.f("ix_likeness_alarm_settled_at"), "likeness_alarm", ["settled_at"])
    op.create_table(
        "boilerplate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UTC_TIME, nullable=False),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        key("boilerplate", "added_by_id", "user_account"),
        key("boilerplate", "withdrawn_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boilerplate")),
    )
    op.create_table(
        "common_shingles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_shingles")),
    )


def downgrade():
    for table in (
        "common_shingles",
        "boilerplate",
        "likeness_alarm",
        "likeness_check",
        "text_bucket",
        "file_text",
    ):
        op.drop_table(table)
