"""Comparisons by panels, framework agreements, questions and changes, plans' sealed files."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (
    "replaced_bid",
    "bid_file",
    "bid_plan",
    "invited_places",
    "bid_invitation",
    "comparison_scheme",
    "comparison_panel",
    "comparison_seat",
    "comparison_result",
    "framework_agreement",
    "framework_member",
    "framework_need",
    "framework_turn",
    "need_question",
    "notice_change",
)


def upgrade():
    op.create_table(
        "replaced_bid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["procurement_bid.id"], name=op.f("fk_replaced_bid_bid_id_procurement_bid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_bid")),
    )
    op.create_index(op.f("ix_replaced_bid_bid_id"), "replaced_bid", ["bid_id"], unique=False)
    op.create_table(
        "bid_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["procurement_bid.id"], name=op.f("fk_bid_file_bid_id_procurement_bid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_file")),
        sa.UniqueConstraint("bid_id", "sha256", name=op.f("uq_bid_file_bid_id_sha256")),
    )
    op.create_table(
        "bid_plan",
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["procurement_bid.id"], name=op.f("fk_bid_plan_bid_id_procurement_bid")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_bid_plan_sent_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_plan")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_bid_plan_bid_id")),
    )
    op.create_table(
        "invited_places",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "places BETWEEN 2 AND 20", name=op.f("ck_invited_places_places_counted")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_invited_places_need_id_procurement_need"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["user_account.id"],
            name=op.f("fk_invited_places_set_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_invited_places")),
    )
    op.create_table(
        "bid_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("agency_ids", sa.JSON(), nullable=False),
        sa.Column("bids_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["procurement_draw.id"],
            name=op.f("fk_bid_invitation_draw_id_procurement_draw"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_bid_invitation_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_bid_invitation_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_invitation")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_bid_invitation_lot_id")),
    )
    op.create_table(
        "comparison_scheme",
        sa.Column("need_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("price_rule", sa.String(length=40), nullable=False),
        sa.Column("snapshot_code", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_comparison_scheme_need_id_procurement_need"),
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_id"],
            ["user_account.id"],
            name=op.f("fk_comparison_scheme_stated_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_comparison_scheme")),
    )
    op.create_table(
        "comparison_panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("beacon_id", sa.String(length=200), nullable=False),
        sa.Column("beacon_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("beacon_source", sa.String(length=400), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(commitment) = 64", name=op.f("ck_comparison_panel_commitment_whole")
        ),
        sa.CheckConstraint("places > 0", name=op.f("ck_comparison_panel_places_counted")),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"],
            ["user_account.id"],
            name=op.f("fk_comparison_panel_frozen_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_comparison_panel_lot_id_procurement_lot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_panel")),
        sa.UniqueConstraint("lot_id", "attempt", name=op.f("uq_comparison_panel_lot_id_attempt")),
    )
    op.create_table(
        "comparison_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.String(length=200), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "submitted_at IS NULL OR stated_at IS NOT NULL",
            name=op.f("ck_comparison_seat_stated_first"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["user_account.id"],
            name=op.f("fk_comparison_seat_expert_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["comparison_panel.id"],
            name=op.f("fk_comparison_seat_panel_id_comparison_panel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_seat")),
        sa.UniqueConstraint(
            "panel_id", "expert_id", name=op.f("uq_comparison_seat_panel_id_expert_id")
        ),
    )
    op.create_index(
        op.f("ix_comparison_seat_expert_id"), "comparison_seat", ["expert_id"], unique=False
    )
    op.create_table(
        "comparison_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concluded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concluded_by_id"],
            ["user_account.id"],
            name=op.f("fk_comparison_result_concluded_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_comparison_result_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["comparison_panel.id"],
            name=op.f("fk_comparison_result_panel_id_comparison_panel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_result")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_comparison_result_lot_id")),
    )
    op.create_table(
        "framework_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("unit_name", sa.String(length=40), nullable=False),
        sa.Column("result_url", sa.String(length=400), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_framework_agreement_term_runs")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["user_account.id"],
            name=op.f("fk_framework_agreement_entered_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_agreement")),
        sa.UniqueConstraint("code", name=op.f("uq_framework_agreement_code")),
    )
    op.create_table(
        "framework_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("price_fen", BIG, nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leave_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_framework_member_price_named")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_framework_member_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"],
            ["evaluator.id"],
            name=op.f("fk_framework_member_evaluator_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework_agreement.id"],
            name=op.f("fk_framework_member_framework_id_framework_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_member")),
        sa.UniqueConstraint(
            "framework_id", "agency_id", name=op.f("uq_framework_member_framework_id_agency_id")
        ),
        sa.UniqueConstraint(
            "framework_id", "place", name=op.f("uq_framework_member_framework_id_place")
        ),
    )
    op.create_table(
        "framework_need",
        sa.Column("need_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework_agreement.id"],
            name=op.f("fk_framework_need_framework_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"],
            ["user_account.id"],
            name=op.f("fk_framework_need_named_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_framework_need_need_id_procurement_need"),
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_framework_need")),
    )
    op.create_table(
        "framework_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework_agreement.id"],
            name=op.f("fk_framework_turn_framework_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_framework_turn_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["framework_member.id"],
            name=op.f("fk_framework_turn_member_id_framework_member"),
        ),
        sa.ForeignKeyConstraint(
            ["told_by_id"],
            ["user_account.id"],
            name=op.f("fk_framework_turn_told_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_turn")),
        sa.UniqueConstraint(
            "framework_id", "number", name=op.f("uq_framework_turn_framework_id_number")
        ),
    )
    op.create_table(
        "need_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_need_question_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user_account.id"],
            name=op.f("fk_need_question_answered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_need_question_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_need_question_need_id_procurement_need"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_question")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_need_question_need_id_number")),
    )
    op.create_table(
        "notice_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_after >= until_before", name=op.f("ck_notice_change_never_shorter")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_notice_change_made_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"],
            ["procurement_need.id"],
            name=op.f("fk_notice_change_need_id_procurement_need"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_change")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_notice_change_need_id_number")),
    )


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
