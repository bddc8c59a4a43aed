"""Other systems: keys for the API, receipts of what they sent, links to a single sign-on."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
LIVING = sa.text("ended_at IS NULL")


def upgrade():
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("used_at", UTC_TIME, nullable=True),
        sa.Column("minute", UTC_TIME, nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_api_token_ended_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index("ix_api_token_user_id_id", "api_token", ["user_id", "id"])
    op.create_table(
        "api_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("response_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_receipt_token_id_api_token")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_receipt")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_api_receipt_token_id_key")),
    )
    op.create_index("ix_api_receipt_made_at", "api_receipt", ["made_at"])
    op.create_table(
        "sign_on_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", UTC_TIME, nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["user_account.id"],
            name=op.f("fk_sign_on_link_ended_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"],
            ["user_account.id"],
            name=op.f("fk_sign_on_link_linked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_on_link_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_link")),
    )
    for name, columns in (
        ("uq_sign_on_link_issuer_subject", ["issuer", "subject"]),
        ("uq_sign_on_link_user_id_issuer", ["user_id", "issuer"]),
    ):
        op.create_index(
            name,
            "sign_on_link",
            columns,
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        )


def downgrade():
    op.drop_table("sign_on_link")
    op.drop_table("api_receipt")
    op.drop_table("api_token")
