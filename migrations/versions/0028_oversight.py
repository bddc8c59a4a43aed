"""Rules of warnings and what they raised; who looks after an engagement, reminders, kept views."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
SHIPPED = (  # kind, settings, working days until the owner's word is due
    ("overdue", {"days": 1}, 5),
    ("likely_late", {"percent": 70, "cases": 8}, 5),
    ("papers_missing", {"days": 3}, 3),
    ("silent", {"days": 15}, 5),
    ("score_moved", {"days": 20}, 5),
    ("fee_low", {"yuan": 800, "percent": 50, "cases": 5}, 10),
    ("person_busy", {"most": 5}, 10),
    ("late_papers", {"papers": 5, "days": 5}, 5),
)


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def one_living(name, table, column, condition):
    op.create_index(
        name,
        table,
        [column],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def upgrade():
    rules = op.create_table(
        "alert_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("answer_days > 0", name=op.f("ck_alert_rule_answer_days_counted")),
        key("alert_rule", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_alert_rule_kind_version")),
    )
    one_living("uq_alert_rule_kind_in_force", "alert_rule", "kind", "retired_at IS NULL")
    same = {"version": 1, "is_on": True, "reason": "", "made_by_id": None, "retired_at": None}
    at = datetime.now(UTC)
    op.bulk_insert(
        rules,
        [
            {"kind": kind, "settings": told, "answer_days": days, "made_at": at, **same}
            for kind, told, days in SHIPPED
        ],
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", UTC_TIME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", UTC_TIME, nullable=True),
        sa.Column("cleared_at", UTC_TIME, nullable=True),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (words = '')", name=op.f("ck_alert_ends_with_words")
        ),
        key("alert", "rule_id", "alert_rule"),
        key("alert", "engagement_id", "engagement"),
        key("alert", "owner_id", "user_account"),
        key("alert", "ended_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("mark", name=op.f("uq_alert_mark")),
    )
    op.create_index(op.f("ix_alert_kind"), "alert", ["kind"])
    op.create_index(op.f("ix_alert_engagement_id"), "alert", ["engagement_id"])
    op.create_index(op.f("ix_alert_owner_id"), "alert", ["owner_id"])
    op.create_index("ix_alert_state_due", "alert", ["state", "due_on"])
    op.create_table(
        "engagement_officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        key("engagement_officer", "engagement_id", "engagement"),
        key("engagement_officer", "officer_id", "user_account"),
        key("engagement_officer", "assigned_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_officer")),
    )
    op.create_index(op.f("ix_engagement_officer_officer_id"), "engagement_officer", ["officer_id"])
    one_living(
        "uq_engagement_officer_engagement_id",
        "engagement_officer",
        "engagement_id",
        "ended_at IS NULL",
    )
    op.create_table(
        "stage_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        key("stage_reminder", "stage_id", "stage"),
        key("stage_reminder", "engagement_id", "engagement"),
        key("stage_reminder", "sent_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_reminder")),
    )
    op.create_index(op.f("ix_stage_reminder_stage_id"), "stage_reminder", ["stage_id"])
    op.create_index(op.f("ix_stage_reminder_engagement_id"), "stage_reminder", ["engagement_id"])
    op.create_table(
        "board_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("saved_at", UTC_TIME, nullable=False),
        sa.Column("removed_at", UTC_TIME, nullable=True),
        key("board_view", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_board_view_user_id_name")),
    )


def downgrade():
    for table in ("board_view", "stage_reminder", "engagement_officer", "alert", "alert_rule"):
        op.drop_table(table)
