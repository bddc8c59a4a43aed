"""Replies and appeals, one-time keys to reviews, and the agencies' ratings of units."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)


def upgrade():
    op.create_table(
        "link_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_attempt")),
    )
    op.create_index("ix_link_attempt_place_at", "link_attempt", ["place", "at"], unique=False)
    op.create_table(
        "unit_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("rated_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_unit_rating_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_unit_rating_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_unit_rating_unit_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_rating")),
        sa.UniqueConstraint(
            "engagement_id", "unit_id", name=op.f("uq_unit_rating_engagement_id_unit_id")
        ),
    )
    op.create_index(
        "ix_unit_rating_unit_rated", "unit_rating", ["unit_id", "rated_at"], unique=False
    )
    op.create_table(
        "agency_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("replied_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_agency_reply_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_agency_reply_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_reply")),
    )
    op.create_index(op.f("ix_agency_reply_round_id"), "agency_reply", ["round_id"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("quoted", sa.JSON(), nullable=False),
        sa.Column("filed_at", UTC_TIME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", KIND, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_appeal_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_appeal_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_appeal_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("round_id", name=op.f("uq_appeal_round_id")),
    )
    op.create_table(
        "unit_rating_score",
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("aspect", KIND, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stars BETWEEN 1 AND 5", name=op.f("ck_unit_rating_score_stars_one_to_five")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["unit_rating.id"],
            name=op.f("fk_unit_rating_score_rating_id_unit_rating"),
        ),
        sa.PrimaryKeyConstraint("rating_id", "aspect", name=op.f("pk_unit_rating_score")),
    )
    op.create_table(
        "review_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("used_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.Column("answer_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["review_invitation.id"],
            name=op.f("fk_review_link_invitation_id_review_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_review_link_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_review_link_token_hash")),
    )
    op.create_index(
        op.f("ix_review_link_invitation_id"), "review_link", ["invitation_id"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        freeze_sqlite()
    else:
        freeze_postgresql()


STAYS = ("agency_reply", "unit_rating", "unit_rating_score")  # said once, for good


def freeze_sqlite():
    for table in STAYS:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
            )


def freeze_postgresql():
    for table in STAYS:
        for name, when in (
            (f"{table}_refuses_change", f"UPDATE OR DELETE ON {table} FOR EACH ROW"),
            (f"{table}_refuses_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION review_refuse()")
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
