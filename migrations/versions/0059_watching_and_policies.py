"""How far a video was watched; files, changes and the end of force of what stands in the exchange."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "video_watching",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("kept_at", UTC_TIME, nullable=False),
        sa.Column("watched_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_video_watching_seconds_counted")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_video_watching_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["course_file.id"], name=op.f("fk_video_watching_file_id_course_file")
        ),
        sa.PrimaryKeyConstraint("user_id", "file_id", name=op.f("pk_video_watching")),
    )
    op.create_table(
        "exchange_file",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_exchange_file_sha256_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_exchange_file_size_not_empty")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["exchange_post.id"], name=op.f("fk_exchange_file_post_id_exchange_post")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_file_sent_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_file")),
    )
    op.create_index(op.f("ix_exchange_file_post_id"), "exchange_file", ["post_id"], unique=False)
    op.create_table(
        "exchange_answer_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["exchange_answer.id"],
            name=op.f("fk_exchange_answer_edition_answer_id_exchange_answer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_answer_edition")),
    )
    op.create_index(
        op.f("ix_exchange_answer_edition_answer_id"),
        "exchange_answer_edition",
        ["answer_id"],
        unique=False,
    )
    op.add_column("exchange_answer", sa.Column("edited_at", UTC_TIME, nullable=True))
    op.add_column("exchange_post", sa.Column("ended_on", sa.Date(), nullable=True))
    number = sa.Column("document_no", sa.String(length=80), server_default="", nullable=False)
    op.add_column("exchange_edition", number)
    op.add_column("exchange_edition", sa.Column("in_force_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("exchange_edition", "in_force_on")
    op.drop_column("exchange_edition", "document_no")
    op.drop_column("exchange_post", "ended_on")
    op.drop_column("exchange_answer", "edited_at")
    for table in ("exchange_answer_edition", "exchange_file", "video_watching"):
        op.drop_table(table)
