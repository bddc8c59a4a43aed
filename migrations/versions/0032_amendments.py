"""Changes in the course of an engagement, and how they move due days."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
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
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("over_basis", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("evaluator_before_id", sa.Integer(), nullable=True),
        sa.Column("evaluator_id", sa.Integer(), nullable=True),
        sa.Column("fee_before_fen", BIG, nullable=True),
        sa.Column("fee_fen", BIG, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_before", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("stood_before", sa.Text(), nullable=False),
        sa.Column("stands_now", sa.Text(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_amendment_engagement_id_number")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_amendment_reason_told")),
        sa.CheckConstraint(
            "kind <> 'extension' OR (stage_id IS NOT NULL AND ends_on > ends_before)",
            name=op.f("ck_amendment_extension_later"),
        ),
        sa.CheckConstraint(
            "kind <> 'lead' OR (evaluator_id IS NOT NULL AND evaluator_id <> evaluator_before_id)",
            name=op.f("ck_amendment_another_lead"),
        ),
        sa.CheckConstraint("fee_fen IS NULL OR fee_fen > 0", name=op.f("ck_amendment_fee_counted")),
        sa.CheckConstraint(
            "kind <> 'suspension' OR (starts_on IS NOT NULL AND ends_on >= starts_on) OR (starts_on IS NOT NULL AND ends_on IS NULL)",
            name=op.f("ck_amendment_resumed_after_start"),
        ),
        sa.CheckConstraint(
            "successor_id <> engagement_id", name=op.f("ck_amendment_another_contract")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'refused')) = (decided_by_id IS NOT NULL AND kind IN ('extension', 'lead'))",
            name=op.f("ck_amendment_decided_by_somebody"),
        ),
        key("amendment", "engagement_id", "engagement"),
        key("amendment", "asked_by_id", "user_account"),
        key("amendment", "decided_by_id", "user_account"),
        key("amendment", "stage_id", "stage"),
        key("amendment", "evaluator_before_id", "evaluator"),
        key("amendment", "evaluator_id", "evaluator"),
        key("amendment", "successor_id", "engagement"),
    )
    op.create_index("ix_amendment_state", "amendment", ["state", "kind"])
    op.create_index(op.f("ix_amendment_successor_id"), "amendment", ["successor_id"])
    op.create_index(
        "uq_amendment_extension",
        "amendment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'extension' AND state = 'asked'"),
        postgresql_where=sa.text("kind = 'extension' AND state = 'asked'"),
    )
    op.create_index(
        "uq_amendment_lead",
        "amendment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'lead' AND state = 'asked'"),
        postgresql_where=sa.text("kind = 'lead' AND state = 'asked'"),
    )
    op.create_index(
        "uq_amendment_succession",
        "amendment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'succession'"),
        postgresql_where=sa.text("kind = 'succession'"),
    )
    op.create_index(
        "uq_amendment_suspension",
        "amendment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'suspension' AND state = 'in_force'"),
        postgresql_where=sa.text("kind = 'suspension' AND state = 'in_force'"),
    )
    op.create_table(
        "due_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_move")),
        sa.UniqueConstraint(
            "amendment_id", "stage_id", name=op.f("uq_due_move_amendment_id_stage_id")
        ),
        sa.CheckConstraint("due_on > due_before", name=op.f("ck_due_move_moves_later")),
        key("due_move", "amendment_id", "amendment"),
        key("due_move", "stage_id", "stage"),
    )
    op.create_index(op.f("ix_due_move_stage_id"), "due_move", ["stage_id"])


def downgrade():
    op.drop_table("due_move")
    op.drop_table("amendment")
