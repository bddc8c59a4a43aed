"""The evidence of awards, decision packs, and who compared the thresholds with their source."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def user(table, column):
    return sa.ForeignKeyConstraint(
        [column], ["user_account.id"], name=op.f(f"fk_{table}_{column}_user_account")
    )


def upgrade():
    op.create_table(
        "award_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("snapshot_code", sa.String(length=30), nullable=False),
        sa.Column("result_digest", sa.String(length=64), nullable=False),
        sa.Column("considered", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reasoned_at", TIME, nullable=True),
        sa.Column("reasoned_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "standing IN ('unweighed', 'no_ranking', 'best', 'behind', 'unranked', 'left_out')",
            name=op.f("ck_award_choice_standing_known"),
        ),
        sa.CheckConstraint(
            "(reasoned_at IS NULL) = (length(reason) = 0)",
            name=op.f("ck_award_choice_reason_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["procurement_award.id"],
            name=op.f("fk_award_choice_award_id_procurement_award"),
        ),
        user("award_choice", "reasoned_by_id"),
        user("award_choice", "approved_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_choice")),
        sa.UniqueConstraint("award_id", name=op.f("uq_award_choice_award_id")),
    )
    op.create_table(
        "rules_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("confirmed_at", TIME, nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rules_id"],
            ["procurement_rules.id"],
            name=op.f("fk_rules_confirmation_rules_id_procurement_rules"),
        ),
        user("rules_confirmation", "confirmed_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_confirmation")),
        sa.UniqueConstraint("rules_id", name=op.f("uq_rules_confirmation_rules_id")),
    )
    op.create_table(
        "decision_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("lots_done", sa.Integer(), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lots_done BETWEEN 0 AND lots", name=op.f("ck_decision_pack_lots_counted")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_decision_pack_need_id_procurement_need"),
        ),
        user("decision_pack", "asked_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_pack")),
    )
    op.create_index("ix_decision_pack_need_id", "decision_pack", ["need_id"], unique=False)


def downgrade():
    for table in ("decision_pack", "rules_confirmation", "award_choice"):
        op.drop_table(table)
