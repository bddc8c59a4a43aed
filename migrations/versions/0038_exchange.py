"""Posts with answers, editions and reports; agreements of agencies; published cases."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)


def upgrade():
    op.create_table(
        "consortium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lead_agency_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_agency_id"], ["agency.id"], name=op.f("fk_consortium_lead_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_consortium_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium")),
    )
    op.create_table(
        "exchange_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("posted_at", UTC_TIME, nullable=False),
        sa.Column("edited_at", UTC_TIME, nullable=True),
        sa.Column("hidden_at", UTC_TIME, nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'policy' OR document_no <> ''",
            name=op.f("ck_exchange_post_policy_has_a_number"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_exchange_post_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_post_hidden_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_post")),
    )
    op.create_index("ix_exchange_post_kind", "exchange_post", ["kind", "id"], unique=False)
    op.create_table(
        "consortium_member",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("agreed_at", UTC_TIME, nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_consortium_member_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"],
            ["user_account.id"],
            name=op.f("fk_consortium_member_agreed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["consortium_id"],
            ["consortium.id"],
            name=op.f("fk_consortium_member_consortium_id_consortium"),
        ),
        sa.PrimaryKeyConstraint("consortium_id", "agency_id", name=op.f("pk_consortium_member")),
    )
    op.create_table(
        "exchange_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UTC_TIME, nullable=False),
        sa.Column("accepted_at", UTC_TIME, nullable=True),
        sa.Column("hidden_at", UTC_TIME, nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_answer_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_answer_hidden_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["exchange_post.id"], name=op.f("fk_exchange_answer_post_id_exchange_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_answer")),
    )
    op.create_index(
        op.f("ix_exchange_answer_post_id"), "exchange_answer", ["post_id"], unique=False
    )
    op.create_table(
        "exchange_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["exchange_post.id"],
            name=op.f("fk_exchange_edition_post_id_exchange_post"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_edition")),
    )
    op.create_index(
        op.f("ix_exchange_edition_post_id"), "exchange_edition", ["post_id"], unique=False
    )
    op.create_table(
        "exchange_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", UTC_TIME, nullable=False),
        sa.Column("settled_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["exchange_post.id"], name=op.f("fk_exchange_report_post_id_exchange_post")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_report_reporter_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_report")),
        sa.UniqueConstraint(
            "post_id", "reporter_id", name=op.f("uq_exchange_report_post_id_reporter_id")
        ),
    )
    op.create_index(
        op.f("ix_exchange_report_settled_at"), "exchange_report", ["settled_at"], unique=False
    )
    op.create_table(
        "exchange_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UTC_TIME, nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_case_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_exchange_case_version_id_paper_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_case")),
        sa.UniqueConstraint("version_id", name=op.f("uq_exchange_case_version_id")),
    )
    op.create_table(
        "exchange_case_release",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("released_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["exchange_case.id"],
            name=op.f("fk_exchange_case_release_case_id_exchange_case"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_exchange_case_release_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_exchange_case_release")),
    )


def downgrade():
    for table in (
        "exchange_case_release",
        "exchange_case",
        "exchange_report",
        "exchange_edition",
        "exchange_answer",
        "consortium_member",
        "exchange_post",
        "consortium",
    ):
        op.drop_table(table)
