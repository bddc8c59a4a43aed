"""Applications for the register, what keeps it true, and what follows an expert's seat."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade():
    op.add_column(
        "expert", sa.Column("rank", sa.String(length=40), nullable=False, server_default="other")
    )
    op.create_table(
        "register_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("agency_type", sa.String(length=40), nullable=False),
        sa.Column("legal_representative", sa.String(length=60), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("platform_number", sa.String(length=60), nullable=False),
        sa.Column("branches", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("associates", sa.JSON(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_ends_at", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("submitted_at", TIME, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", TIME, nullable=True),
        sa.CheckConstraint(
            "state <> 'entered' OR agency_id IS NOT NULL",
            name=op.f("ck_register_application_entered_as_agency"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_register_application_round_counted")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_register_application_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_register_application_decided_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_application")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_register_application_key_hash")),
    )
    op.create_index(
        op.f("ix_register_application_agency_id"),
        "register_application",
        ["agency_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_register_application_credit_code"),
        "register_application",
        ["credit_code"],
        unique=False,
    )
    op.create_index(
        "ix_register_application_state", "register_application", ["state"], unique=False
    )
    op.create_table(
        "application_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["register_application.id"],
            name=op.f("fk_application_remark_application_id_register_application"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_application_remark_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_remark")),
        sa.UniqueConstraint(
            "application_id",
            "round",
            "requirement",
            name=op.f("uq_application_remark_application_id_round_requirement"),
        ),
    )
    op.create_table(
        "register_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("voided_at", TIME, nullable=True),
        sa.CheckConstraint(
            "application_id IS NOT NULL OR agency_id IS NOT NULL",
            name=op.f("ck_register_evidence_of_somebody"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_register_evidence_sha256_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_register_evidence_size_not_empty")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_register_evidence_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["register_application.id"],
            name=op.f("fk_register_evidence_application_id_register_application"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["user_account.id"],
            name=op.f("fk_register_evidence_sent_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_evidence")),
    )
    op.create_index(
        op.f("ix_register_evidence_agency_id"), "register_evidence", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_register_evidence_application_id"),
        "register_evidence",
        ["application_id"],
        unique=False,
    )
    op.create_index(
        "ix_register_evidence_expires_on", "register_evidence", ["expires_on"], unique=False
    )
    op.create_table(
        "agency_branch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_branch_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_branch")),
    )
    op.create_index(
        op.f("ix_agency_branch_agency_id"), "agency_branch", ["agency_id"], unique=False
    )
    op.create_table(
        "agency_associate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_associate_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_associate")),
    )
    op.create_index(
        op.f("ix_agency_associate_agency_id"), "agency_associate", ["agency_id"], unique=False
    )
    op.create_table(
        "yearly_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", TIME, nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_yearly_confirmation_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_yearly_confirmation_confirmed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_confirmation")),
        sa.UniqueConstraint(
            "agency_id", "year", name=op.f("uq_yearly_confirmation_agency_id_year")
        ),
    )
    op.create_table(
        "evaluator_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_evaluator_transfer_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_evaluator_transfer_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"],
            ["evaluator.id"],
            name=op.f("fk_evaluator_transfer_evaluator_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["evaluator.id"],
            name=op.f("fk_evaluator_transfer_successor_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agency.id"], name=op.f("fk_evaluator_transfer_to_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator_transfer")),
    )
    op.create_index(
        op.f("ix_evaluator_transfer_to_agency_id"),
        "evaluator_transfer",
        ["to_agency_id"],
        unique=False,
    )
    op.create_index(
        "uq_evaluator_transfer_open",
        "evaluator_transfer",
        ["evaluator_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "expert_attendance",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("noted_at", TIME, nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "half_days BETWEEN 0 AND 60", name=op.f("ck_expert_attendance_half_days_counted")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["user_account.id"],
            name=op.f("fk_expert_attendance_noted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["expert_seat.id"], name=op.f("fk_expert_attendance_seat_id_expert_seat")
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_expert_attendance")),
    )
    op.create_table(
        "expert_mark",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("knowledge", sa.Integer(), nullable=False),
        sa.Column("fairness", sa.Integer(), nullable=False),
        sa.Column("diligence", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "diligence BETWEEN 1 AND 5", name=op.f("ck_expert_mark_diligence_of_five")
        ),
        sa.CheckConstraint(
            "fairness BETWEEN 1 AND 5", name=op.f("ck_expert_mark_fairness_of_five")
        ),
        sa.CheckConstraint(
            "knowledge BETWEEN 1 AND 5", name=op.f("ck_expert_mark_knowledge_of_five")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_expert_mark_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["expert_seat.id"], name=op.f("fk_expert_mark_seat_id_expert_seat")
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_expert_mark")),
    )
    op.create_table(
        "fee_standard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("senior_fen", sa.Integer(), nullable=False),
        sa.Column("associate_fen", sa.Integer(), nullable=False),
        sa.Column("other_fen", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("voided_at", TIME, nullable=True),
        sa.CheckConstraint(
            "senior_fen >= 0 AND associate_fen >= 0 AND other_fen >= 0",
            name=op.f("ck_fee_standard_rates_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["user_account.id"],
            name=op.f("fk_fee_standard_entered_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_standard")),
    )
    op.create_table(
        "expert_fee_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("voided_at", TIME, nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("total_fen >= 0", name=op.f("ck_expert_fee_note_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"],
            ["user_account.id"],
            name=op.f("fk_expert_fee_note_issued_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["expert_review.id"],
            name=op.f("fk_expert_fee_note_review_id_expert_review"),
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["fee_standard.id"],
            name=op.f("fk_expert_fee_note_standard_id_fee_standard"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_fee_note")),
    )
    op.create_index(
        "uq_expert_fee_note_in_force",
        "expert_fee_note",
        ["review_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade():
    op.drop_table("expert_fee_note")
    op.drop_table("fee_standard")
    op.drop_table("expert_mark")
    op.drop_table("expert_attendance")
    op.drop_table("evaluator_transfer")
    op.drop_table("yearly_confirmation")
    op.drop_table("agency_associate")
    op.drop_table("agency_branch")
    op.drop_table("register_evidence")
    op.drop_table("application_remark")
    op.drop_table("register_application")
    op.drop_column("expert", "rank")
