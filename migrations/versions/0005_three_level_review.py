"""Three-level review, second digests of files, retention classes and archive packages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRESENT = sa.text("replaced_at IS NULL")
RETENTION = {"A": "15y", "H": "30y"}


def upgrade():
    with op.batch_alter_table("engagement_template") as table:
        table.add_column(
            sa.Column("reviewed_classes", sa.JSON(), nullable=False, server_default='["G", "H"]')
        )
        table.add_column(
            sa.Column(
                "needs_three_level_review", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    op.create_table(
        "level_reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("appointed_by_id", sa.Integer(), nullable=False),
        sa.Column("appointed_at", UTC_TIME, nullable=False),
        sa.Column("replaced_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "level BETWEEN 1 AND 3", name=op.f("ck_level_reviewer_level_one_to_three")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_level_reviewer_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_level_reviewer_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"],
            ["user_account.id"],
            name=op.f("fk_level_reviewer_appointed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_reviewer")),
    )
    op.create_index(
        "uq_level_reviewer_present",
        "level_reviewer",
        ["engagement_id", "level"],
        unique=True,
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )
    op.create_table(
        "level_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("outcome", KIND, nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("reviewed_at", UTC_TIME, nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "level BETWEEN 1 AND 3", name=op.f("ck_level_review_level_one_to_three")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_level_review_version_id_paper_version"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["user_account.id"],
            name=op.f("fk_level_review_reviewer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by_id"],
            ["user_account.id"],
            name=op.f("fk_level_review_replied_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_review")),
        sa.UniqueConstraint("version_id", "level", name=op.f("uq_level_review_version_id_level")),
        sa.UniqueConstraint(
            "version_id", "reviewer_id", name=op.f("uq_level_review_version_id_reviewer_id")
        ),
    )
    op.create_table(
        "file_digest",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_digest")),
    )
    rule = op.create_table(
        "retention_rule",
        sa.Column("index_class", KIND, nullable=False),
        sa.Column("retention", KIND, nullable=False),
        sa.PrimaryKeyConstraint("index_class", name=op.f("pk_retention_rule")),
    )
    op.bulk_insert(
        rule,
        [{"index_class": one, "retention": RETENTION.get(one, "10y")} for one in "ABCDEFGHIJ"],
    )
    op.create_table(
        "archive_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_archive_package_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_archive_package_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_package")),
    )
    op.create_index(op.f("ix_archive_package_engagement_id"), "archive_package", ["engagement_id"])


def downgrade():
    op.drop_table("archive_package")
    op.drop_table("retention_rule")
    op.drop_table("file_digest")
    op.drop_table("level_review")
    op.drop_table("level_reviewer")
    with op.batch_alter_table("engagement_template") as table:
        table.drop_column("needs_three_level_review")
        table.drop_column("reviewed_classes")
