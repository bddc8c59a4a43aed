"""Documents that go out, and the versions of their usual words."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "document_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_wording")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_document_wording_kind_version")),
        sa.CheckConstraint(
            "version > 0 AND length(reason) > 0", name=op.f("ck_document_wording_edit_explained")
        ),
        key("document_wording", "made_by_id", "user_account"),
    )
    op.create_table(
        "official_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("copies", sa.String(length=300), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("voided_at", TIME, nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_document")),
        sa.UniqueConstraint(
            "series", "year", "number", name=op.f("uq_official_document_series_year_number")
        ),
        sa.CheckConstraint(
            "number > 0 AND year BETWEEN 2000 AND 2099",
            name=op.f("ck_official_document_number_counted"),
        ),
        sa.CheckConstraint(
            "length(title) > 0 AND length(body) > 0", name=op.f("ck_official_document_words_told")
        ),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (length(void_reason) = 0)",
            name=op.f("ck_official_document_void_explained"),
        ),
        key("official_document", "engagement_id", "engagement"),
        key("official_document", "addressee_id", "organisation"),
        key("official_document", "issued_by_id", "user_account"),
        key("official_document", "voided_by_id", "user_account"),
    )
    op.create_index(
        op.f("ix_official_document_addressee_id"), "official_document", ["addressee_id"]
    )
    op.create_index(
        op.f("ix_official_document_engagement_id"), "official_document", ["engagement_id"]
    )


def downgrade():
    op.drop_table("official_document")
    op.drop_table("document_wording")
