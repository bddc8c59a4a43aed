"""Keys and locks of stored files, what the store was asked and answered, and spills."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
MADE = ("file_key", "withheld_file", "store_proof", "store_check", "store_alarm")
UPON = ("retention_lock", "legal_hold", "spill")


def upgrade():
    op.create_table(
        "file_key",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.String(120), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("destroyed_at", TIME),
        sa.CheckConstraint(
            "destroyed_at IS NULL OR wrapped = ''", name=op.f("ck_file_key_destroyed_is_empty")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_key")),
    )
    op.create_table(
        "withheld_file",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("lifted_at", TIME),
        sa.Column("destroyed_at", TIME),
        sa.CheckConstraint(
            "destroyed_at IS NULL OR lifted_at IS NULL",
            name=op.f("ck_withheld_file_destroyed_stays"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_withheld_file")),
    )
    op.create_table(
        "store_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tried_at", TIME, nullable=False),
        sa.Column("is_ok", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_proof")),
    )
    op.create_table(
        "store_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_check")),
    )
    op.create_table(
        "store_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_alarm")),
    )
    op.create_index(
        "uq_store_alarm_open",
        "store_alarm",
        ["wrong", "name"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "retention_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("store_key", sa.String(200), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("applied_until", TIME),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_retention_lock_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_lock")),
        sa.UniqueConstraint(
            "engagement_id", "store_key", name=op.f("uq_retention_lock_engagement_id_store_key")
        ),
    )
    op.create_index(
        op.f("ix_retention_lock_store_key"), "retention_lock", ["store_key"], unique=False
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("confirmed_by_id", sa.Integer()),
        sa.Column("confirmed_at", TIME),
        sa.Column("refused_by_id", sa.Integer()),
        sa.Column("refused_at", TIME),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.Column("release_asked_by_id", sa.Integer()),
        sa.Column("release_asked_at", TIME),
        sa.Column("released_by_id", sa.Integer()),
        sa.Column("released_at", TIME),
        sa.CheckConstraint(
            "confirmed_by_id <> asked_by_id", name=op.f("ck_legal_hold_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "released_by_id <> release_asked_by_id", name=op.f("ck_legal_hold_released_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_hold_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_hold_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_legal_hold_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["refused_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_hold_refused_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["release_asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_hold_release_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["user_account.id"],
            name=op.f("fk_legal_hold_released_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        "uq_legal_hold_open",
        "legal_hold",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL AND refused_at IS NULL"),
    )
    op.create_table(
        "spill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(40)),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("decided_at", TIME),
        sa.Column("in_backups_until", sa.Date()),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_spill_decided_whole")
        ),
        sa.CheckConstraint(
            "decided_by_id <> reported_by_id", name=op.f("ck_spill_decided_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_spill_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"],
            ["user_account.id"],
            name=op.f("fk_spill_reported_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["withheld_file.sha256"], name=op.f("fk_spill_sha256_withheld_file")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["paper_version.id"], name=op.f("fk_spill_version_id_paper_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spill")),
    )
    op.create_index("ix_spill_sha256", "spill", ["sha256"], unique=False)
    op.create_index(
        "uq_spill_open",
        "spill",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade():
    for table in reversed(MADE + UPON):
        op.drop_table(table)
