"""Files on their way in, in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "upload",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("length", BIG, nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("is_unclassified", sa.Boolean(), nullable=False),
        sa.Column("unpacks", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("released_at", TIME),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("store_key", sa.String(200), nullable=False),
        sa.CheckConstraint("length > 0", name=op.f("ck_upload_length_not_empty")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_upload_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_upload_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_engagement_author", "upload", ["engagement_id", "author_id"])
    op.create_index("ix_upload_expires_at", "upload", ["expires_at"])


def downgrade():
    op.drop_table("upload")
