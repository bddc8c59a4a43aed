"""What ties agencies to parties, and the links that were found when an engagement was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "agency_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("party_name", sa.String(length=200), nullable=False),
        sa.Column("party_code", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on",
            name=op.f("ck_agency_relation_until_after_from"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR party_name <> ''",
            name=op.f("ck_agency_relation_party_named"),
        ),
        sa.CheckConstraint(
            "share_percent IS NULL OR share_percent BETWEEN 0 AND 100",
            name=op.f("ck_agency_relation_share_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_relation_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agency_relation_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["user_account.id"],
            name=op.f("fk_agency_relation_entered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["user_account.id"],
            name=op.f("fk_agency_relation_withdrawn_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_relation")),
    )
    op.create_index(op.f("ix_agency_relation_agency_id"), "agency_relation", ["agency_id"])
    op.create_index(
        op.f("ix_agency_relation_organisation_id"), "agency_relation", ["organisation_id"]
    )
    op.create_index("ix_agency_relation_kind", "agency_relation", ["kind", "withdrawn_at"])
    op.create_table(
        "conflict_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("accepted_at", TIME, nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_conflict_link_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["user_account.id"],
            name=op.f("fk_conflict_link_accepted_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_link")),
    )
    op.create_index(op.f("ix_conflict_link_engagement_id"), "conflict_link", ["engagement_id"])


def downgrade():
    op.drop_table("conflict_link")
    op.drop_table("agency_relation")
