"""Sealed bids: the public halves of their keys, and the envelopes."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "seal_half",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=130), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_seal_half_one_of_two")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["procurement_need.id"], name=op.f("fk_seal_half_need_id_procurement_need")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user_account.id"], name=op.f("fk_seal_half_officer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_half")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_seal_half_need_id_number")),
        sa.UniqueConstraint("need_id", "officer_id", name=op.f("uq_seal_half_need_id_officer_id")),
    )
    op.create_table(
        "procurement_bid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price_fen", BIG, nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("query_due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handed_in_by_id"],
            ["user_account.id"],
            name=op.f("fk_procurement_bid_handed_in_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["procurement_lot.id"],
            name=op.f("fk_procurement_bid_lot_id_procurement_lot"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["procurement_offer.id"],
            name=op.f("fk_procurement_bid_offer_id_procurement_offer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_bid")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_procurement_bid_offer_id")),
    )
    op.create_index(op.f("ix_procurement_bid_lot_id"), "procurement_bid", ["lot_id"], unique=False)


def downgrade():
    for table in ("procurement_bid", "seal_half"):
        op.drop_table(table)
