"""Procurement: thresholds, needs with lots, offers, verifiable draws, awards and objections."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WAN = 10_000 * 100
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "procurement_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("limit_fen", BIG, nullable=False),
        sa.Column("tender_fen", BIG, nullable=False),
        sa.Column("publicity_days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("fewest_offers", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(length=120), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "fewest_offers BETWEEN 1 AND 20", name=op.f("ck_procurement_rules_offers_counted")
        ),
        sa.CheckConstraint(
            "limit_fen > 0 AND tender_fen >= limit_fen",
            name=op.f("ck_procurement_rules_tender_over_limit"),
        ),
        sa.CheckConstraint(
            "publicity_days BETWEEN 1 AND 30", name=op.f("ck_procurement_rules_publicity_counted")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_rules_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_rules")),
        sa.UniqueConstraint("version", name=op.f("uq_procurement_rules_version")),
    )
    op.create_table(
        "procurement_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("service_area", sa.Text(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("plan_no", sa.String(length=80), nullable=False),
        sa.Column("notice_url", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["organisation.id"],
            name=op.f("fk_procurement_need_client_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_need_made_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rules_id"],
            ["procurement_rules.id"],
            name=op.f("fk_procurement_need_rules_id_procurement_rules"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["engagement_template.id"],
            name=op.f("fk_procurement_need_template_id_engagement_template"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_need")),
        sa.UniqueConstraint("code", name=op.f("uq_procurement_need_code")),
    )
    op.create_table(
        "procurement_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("budget_fen", BIG, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "budget_fen > 0 AND days > 0", name=op.f("ck_procurement_lot_budget_and_days")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_procurement_lot_need_id_procurement_need"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_lot")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_procurement_lot_need_id_number")),
    )
    op.create_table(
        "procurement_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_procurement_task_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["organisation.id"],
            name=op.f("fk_procurement_task_section_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_procurement_task_unit_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_task")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_procurement_task_lot_id_number")),
    )
    op.create_table(
        "procurement_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_procurement_offer_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"],
            ["evaluator.id"],
            name=op.f("fk_procurement_offer_evaluator_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_procurement_offer_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_offer_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_offer")),
        sa.UniqueConstraint(
            "lot_id", "agency_id", name=op.f("uq_procurement_offer_lot_id_agency_id")
        ),
    )
    op.create_index(
        op.f("ix_procurement_offer_agency_id"), "procurement_offer", ["agency_id"], unique=False
    )
    op.create_table(
        "procurement_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.String(length=120), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("beacon_id", sa.String(length=200), nullable=False),
        sa.Column("beacon_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot_code", sa.String(length=40), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=False),
        sa.Column("beacon_value", sa.String(length=300), nullable=False),
        sa.Column("beacon_source", sa.String(length=400), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(commitment) = 64", name=op.f("ck_procurement_draw_commitment_whole")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_draw_drawn_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_draw_frozen_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_procurement_draw_lot_id_procurement_lot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_draw")),
        sa.UniqueConstraint("lot_id", "attempt", name=op.f("uq_procurement_draw_lot_id_attempt")),
    )
    op.create_table(
        "procurement_draw_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_procurement_draw_number_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["procurement_draw.id"],
            name=op.f("fk_procurement_draw_number_draw_id_procurement_draw"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_draw_number_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_draw_number")),
        sa.UniqueConstraint(
            "draw_id", "agency_id", name=op.f("uq_procurement_draw_number_draw_id_agency_id")
        ),
    )
    op.create_table(
        "procurement_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("price_fen", BIG, nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result_url", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("public_until", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.Column("contract_no", sa.String(length=80), nullable=False),
        sa.Column("contract", sa.JSON(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_procurement_award_price_named")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_procurement_award_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["procurement_draw.id"],
            name=op.f("fk_procurement_award_draw_id_procurement_draw"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_procurement_award_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"],
            ["evaluator.id"],
            name=op.f("fk_procurement_award_evaluator_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_procurement_award_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_award_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_award")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_procurement_award_engagement_id")),
    )
    op.create_index(
        op.f("ix_procurement_award_agency_id"), "procurement_award", ["agency_id"], unique=False
    )
    op.create_index(
        "uq_procurement_award_lot_id",
        "procurement_award",
        ["lot_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "award_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("complained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_due_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_award_objection_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user_account.id"],
            name=op.f("fk_award_objection_answered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["procurement_award.id"],
            name=op.f("fk_award_objection_award_id_procurement_award"),
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"],
            ["user_account.id"],
            name=op.f("fk_award_objection_filed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_objection")),
        sa.UniqueConstraint(
            "award_id", "agency_id", name=op.f("uq_award_objection_award_id_agency_id")
        ),
    )
    op.create_index(
        op.f("ix_award_objection_agency_id"), "award_objection", ["agency_id"], unique=False
    )
    rules = sa.table(
        "procurement_rules",
        *[sa.column(name) for name in ("version", "limit_fen", "tender_fen", "publicity_days")],
        *[sa.column(name) for name in ("answer_days", "fewest_offers", "document_no")],
        sa.column("effective_on", sa.Date()),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        rules,
        [
            {
                "version": 1,
                "limit_fen": 50 * WAN,
                "tender_fen": 400 * WAN,
                "publicity_days": 3,
                "answer_days": 5,
                "fewest_offers": 3,
                "document_no": "浙财采监〔2022〕13号",
                "effective_on": date(2023, 1, 1),
                "made_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        ],
    )


def downgrade():
    for table in (
        "award_objection",
        "procurement_award",
        "procurement_draw_number",
        "procurement_draw",
        "procurement_offer",
        "procurement_task",
        "procurement_lot",
        "procurement_need",
        "procurement_rules",
    ):
        op.drop_table(table)
