"""A version may hold several files: the first stays in its row, the others have rows of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "version_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.CheckConstraint("position >= 2", name=op.f("ck_version_file_position_after_first")),
        sa.CheckConstraint("size > 0", name=op.f("ck_version_file_size_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_version_file_sha256_whole")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_version_file_version_id_paper_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_file")),
        sa.UniqueConstraint(
            "version_id", "position", name=op.f("uq_version_file_version_id_position")
        ),
    )
    op.create_index("ix_version_file_sha256", "version_file", ["sha256"])


def downgrade():
    op.drop_table("version_file")
