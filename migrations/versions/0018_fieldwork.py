"""Site visits with photographs, interviews, questionnaires, person-days; what a template asks.

The shipped template of fiscal evaluations asks for a site visit where no engagement has it yet;
work that runs goes on under the rules that it began with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def entry(table, *own):
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        *own,
        key(table, "engagement_id", "engagement"),
        key(table, "task_id", "task"),
        key(table, "recorded_by_id", "user_account"),
        key(table, "voided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_engagement_id"), table, ["engagement_id"])


def text(name):
    return sa.Column(name, sa.String(length=200), nullable=False)


def upgrade():
    entry(
        "site_visit",
        sa.Column("visited_on", sa.Date(), nullable=False),
        text("place"),
        text("people"),
        text("hosts"),
        sa.Column("findings", sa.Text(), nullable=False),
    )
    make_photos()
    entry(
        "interview",
        sa.Column("held_on", sa.Date(), nullable=False),
        text("person"),
        text("people"),
        text("topic"),
        sa.Column("findings", sa.Text(), nullable=False),
    )
    check = sa.CheckConstraint
    entry(
        "questionnaire",
        sa.Column("held_on", sa.Date(), nullable=False),
        text("audience"),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        check("sent > 0", name=op.f("ck_questionnaire_sent_counted")),
        check("returned BETWEEN 0 AND sent", name=op.f("ck_questionnaire_returned_of_sent")),
        check("valid BETWEEN 0 AND returned", name=op.f("ck_questionnaire_valid_of_returned")),
    )
    entry(
        "person_days",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("activity", KIND, nullable=False),
        check("half_days BETWEEN 1 AND 186", name=op.f("ck_person_days_half_days_counted")),
        check("ended_on >= began_on", name=op.f("ck_person_days_ends_after_start")),
        key("person_days", "member_id", "user_account"),
    )
    op.create_index(op.f("ix_person_days_member"), "person_days", ["member_id", "began_on"])
    op.add_column(
        "engagement_template",
        sa.Column("required_acts", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.execute(
        "UPDATE engagement_template SET required_acts = '[\"site_visit\"]'"
        " WHERE code = 'fiscal_evaluation' AND made_by_id IS NULL AND retired_at IS NULL"
        " AND id NOT IN (SELECT template_id FROM engagement)"
    )


def make_photos():
    op.create_table(
        "visit_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.String(length=19), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_visit_photo_size_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_visit_photo_sha256_whole")),
        key("visit_photo", "sent_by_id", "user_account"),
        key("visit_photo", "visit_id", "site_visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_photo")),
    )
    op.create_index(op.f("ix_visit_photo_visit_id"), "visit_photo", ["visit_id"])


def downgrade():
    op.drop_column("engagement_template", "required_acts")
    for table in ("visit_photo", "site_visit", "interview", "questionnaire", "person_days"):
        op.drop_table(table)
