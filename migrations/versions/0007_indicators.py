"""Indicator systems, their rows with the scores, the evidence of each, and the use of results."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "indicator_system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("task_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=True),
        sa.Column("returned_at", UTC_TIME, nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("approved_at", UTC_TIME, nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_indicator_system_version_from_one")),
        key("indicator_system", "approved_by_id", "user_account"),
        key("indicator_system", "engagement_id", "engagement"),
        key("indicator_system", "made_by_id", "user_account"),
        key("indicator_system", "task_id", "task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_system")),
        sa.UniqueConstraint(
            "engagement_id",
            "task_number",
            "version",
            name=op.f("uq_indicator_system_engagement_id_task_number_version"),
        ),
    )
    op.create_index(op.f("ix_indicator_system_task_id"), "indicator_system", ["task_id"])
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("level1", sa.String(length=40), nullable=False),
        sa.Column("level2", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("check_point", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=True),
        sa.Column("score_after", sa.Integer(), nullable=True),
        sa.Column("adjustment", sa.Text(), nullable=False),
        sa.Column("deduction", sa.Text(), nullable=False),
        sa.Column("scored_by_id", sa.Integer(), nullable=True),
        sa.Column("scored_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "points > 0 AND points <= 10000", name=op.f("ck_indicator_points_counted")
        ),
        sa.CheckConstraint(
            "score_before BETWEEN 0 AND points", name=op.f("ck_indicator_before_within_points")
        ),
        sa.CheckConstraint(
            "score_after BETWEEN 0 AND points", name=op.f("ck_indicator_after_within_points")
        ),
        sa.CheckConstraint(
            "score_after IS NULL OR score_before IS NOT NULL",
            name=op.f("ck_indicator_checked_after_scored"),
        ),
        sa.CheckConstraint(
            "score_after IS NULL OR score_after = score_before OR length(adjustment) > 0",
            name=op.f("ck_indicator_adjustment_explained"),
        ),
        key("indicator", "scored_by_id", "user_account"),
        key("indicator", "system_id", "indicator_system"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("system_id", "code", name=op.f("uq_indicator_system_id_code")),
        sa.UniqueConstraint("system_id", "position", name=op.f("uq_indicator_system_id_position")),
    )
    op.create_table(
        "indicator_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", UTC_TIME, nullable=False),
        sa.Column("unlinked_at", UTC_TIME, nullable=True),
        key("indicator_evidence", "indicator_id", "indicator"),
        key("indicator_evidence", "linked_by_id", "user_account"),
        key("indicator_evidence", "paper_id", "working_paper"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_evidence")),
        sa.UniqueConstraint(
            "indicator_id", "paper_id", name=op.f("uq_indicator_evidence_indicator_id_paper_id")
        ),
    )
    op.create_index(op.f("ix_indicator_evidence_paper_id"), "indicator_evidence", ["paper_id"])
    make_result_use()
    if op.get_bind().dialect.name == "sqlite":
        freeze_sqlite()
    else:
        freeze_postgresql()


DEFINED = "system_id, position, code, level1, level2, name, check_point, points, standard"
WORDS = "an approved indicator system is frozen"


def freeze_sqlite():
    """An approved version takes no other rows; its scores go on. A batch would drop these."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    approved = "SELECT 1 FROM indicator_system WHERE approved_at IS NOT NULL AND id ="
    for name, when, row in (
        ("update", f"UPDATE OF {DEFINED}", "OLD"),
        ("insert", "INSERT", "NEW"),
        ("delete", "DELETE", "OLD"),
    ):
        op.execute(
            f"CREATE TRIGGER indicator_refuses_{name} BEFORE {when} ON indicator"
            f" WHEN EXISTS ({approved} {row}.system_id) {refuse}"
        )
    op.execute(
        "CREATE TRIGGER indicator_system_stays_approved BEFORE UPDATE OF approved_at"
        f" ON indicator_system WHEN OLD.approved_at IS NOT NULL {refuse}"
    )


def freeze_postgresql():
    op.execute(
        f"""CREATE FUNCTION indicator_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM indicator_system WHERE approved_at IS NOT NULL
             AND id = COALESCE(OLD.system_id, NEW.system_id)) THEN
    RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$"""
    )
    op.execute(
        f"""CREATE FUNCTION indicator_system_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation';
END $$"""
    )
    op.execute(
        f"CREATE TRIGGER indicator_refuses BEFORE INSERT OR DELETE OR UPDATE OF {DEFINED}"
        " ON indicator FOR EACH ROW EXECUTE FUNCTION indicator_refuse()"
    )
    op.execute(
        "CREATE TRIGGER indicator_system_stays_approved BEFORE UPDATE OF approved_at"
        " ON indicator_system FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL)"
        " EXECUTE FUNCTION indicator_system_refuse()"
    )


def make_result_use():
    op.create_table(
        "result_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("budget_year", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("grade", KIND, nullable=False),
        sa.Column("proposed_cut_fen", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UTC_TIME, nullable=False),
        sa.Column("decided_cut_fen", BIG, nullable=True),
        sa.Column("decision_no", sa.String(length=80), nullable=False),
        sa.Column("decider", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UTC_TIME, nullable=True),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 10000", name=op.f("ck_result_use_score_of_hundred")
        ),
        sa.CheckConstraint(
            "proposed_cut_fen >= 0", name=op.f("ck_result_use_proposed_not_negative")
        ),
        sa.CheckConstraint("decided_cut_fen >= 0", name=op.f("ck_result_use_decided_not_negative")),
        sa.CheckConstraint(
            "(decided_cut_fen IS NULL) = (decided_on IS NULL)",
            name=op.f("ck_result_use_decided_with_its_day"),
        ),
        sa.CheckConstraint(
            "decided_cut_fen IS NULL OR (length(decision_no) > 0 AND length(decider) > 0)",
            name=op.f("ck_result_use_decision_named"),
        ),
        key("result_use", "engagement_id", "engagement"),
        key("result_use", "proposed_by_id", "user_account"),
        key("result_use", "recorded_by_id", "user_account"),
        key("result_use", "task_id", "task"),
        key("result_use", "voided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_use")),
    )
    op.create_index(op.f("ix_result_use_budget_year"), "result_use", ["budget_year"])
    op.create_index(op.f("ix_result_use_engagement_id"), "result_use", ["engagement_id"])
    op.create_index(
        op.f("uq_result_use_task_id_budget_year"),
        "result_use",
        ["task_id", "budget_year"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade():
    for table in ("result_use", "indicator_evidence", "indicator", "indicator_system"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION indicator_refuse()")
        op.execute("DROP FUNCTION indicator_system_refuse()")
