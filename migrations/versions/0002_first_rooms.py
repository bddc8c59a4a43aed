"""The organisations, engagements, papers, guidance, reviews and rankings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "dimension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_dimension_weight_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension")),
        sa.UniqueConstraint("code", name=op.f("uq_dimension_code")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("finance_office_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", UTC_TIME, nullable=False),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_department_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["finance_office_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_finance_office_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisation_credit_code")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_organisation_kind_name")),
    )
    op.create_index(
        op.f("ix_organisation_department_id"), "organisation", ["department_id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_finance_office_id"),
        "organisation",
        ["finance_office_id"],
        unique=False,
    )
    op.create_index(op.f("ix_organisation_kind"), "organisation", ["kind"], unique=False)
    op.create_table(
        "party_weight",
        sa.Column("party", KIND, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_party_weight_weight_not_negative")),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_party_weight")),
    )
    op.create_table(
        "sent_form",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sent_form")),
    )
    op.create_table(
        "service_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("allowance", KIND, nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_type")),
        sa.UniqueConstraint("code", name=op.f("uq_service_type_code")),
        sa.UniqueConstraint("name", name=op.f("uq_service_type_name")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_type", KIND, nullable=False),
        sa.Column("legal_representative", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("platform_number", sa.String(length=60), nullable=False),
        sa.Column("registered_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["organisation.id"], name=op.f("fk_agency_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", KIND, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_set_at", UTC_TIME, nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UTC_TIME, nullable=True),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=True),
        sa.Column("access_ends_on", sa.Date(), nullable=True),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "failed_sign_ins >= 0", name=op.f("ck_user_account_failed_sign_ins_counted")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_user_account_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_index(
        "ix_user_account_organisation_role",
        "user_account",
        ["organisation_id", "role"],
        unique=False,
    )
    op.create_table(
        "engagement_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("service_type_id", sa.Integer(), nullable=False),
        sa.Column("needs_unit", sa.Boolean(), nullable=False),
        sa.Column("is_batch", sa.Boolean(), nullable=False),
        sa.Column("rating_parties", sa.JSON(), nullable=False),
        sa.Column("scoring_frame", sa.JSON(), nullable=False),
        sa.Column("acceptance_items", sa.JSON(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_engagement_template_made_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["service_type_id"],
            ["service_type.id"],
            name=op.f("fk_engagement_template_service_type_id_service_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_template")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_engagement_template_code_version")),
    )
    op.create_table(
        "evaluator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("qualification", sa.String(length=120), nullable=False),
        sa.Column("working_since", sa.Date(), nullable=False),
        sa.Column("evaluating_since", sa.Date(), nullable=True),
        sa.Column("confirmed_at", UTC_TIME, nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("left_at", UTC_TIME, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "evaluating_since IS NULL OR evaluating_since >= working_since",
            name=op.f("ck_evaluator_evaluating_after_working"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_evaluator_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_evaluator_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_evaluator_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator")),
        sa.UniqueConstraint("user_id", name=op.f("uq_evaluator_user_id")),
    )
    op.create_index(op.f("ix_evaluator_agency_id"), "evaluator", ["agency_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("read_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_message_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_user_read", "message", ["user_id", "read_at"], unique=False)
    op.create_table(
        "ranking_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("result_digest", sa.String(length=64), nullable=False),
        sa.Column("computed_at", UTC_TIME, nullable=False),
        sa.Column("computed_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["computed_by_id"],
            ["user_account.id"],
            name=op.f("fk_ranking_snapshot_computed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["user_account.id"],
            name=op.f("fk_ranking_snapshot_published_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_snapshot")),
        sa.UniqueConstraint("code", name=op.f("uq_ranking_snapshot_code")),
    )
    op.create_index(
        "ix_ranking_snapshot_published", "ranking_snapshot", ["published_at"], unique=False
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("service_type_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("lead_evaluator_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("issued_by", KIND, nullable=False),
        sa.Column("fee_fen", BIG, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("current_stage_position", sa.Integer(), nullable=False),
        sa.Column("refusal_count", sa.Integer(), nullable=False),
        sa.Column("rework_due_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", UTC_TIME, nullable=True),
        sa.Column("refused_at", UTC_TIME, nullable=True),
        sa.Column("terminated_at", UTC_TIME, nullable=True),
        sa.Column("termination_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "client_id <> agency_id", name=op.f("ck_engagement_client_is_not_agency")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_engagement_ends_after_start")),
        sa.CheckConstraint("fee_fen >= 0", name=op.f("ck_engagement_fee_not_negative")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_engagement_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["organisation.id"], name=op.f("fk_engagement_client_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["lead_evaluator_id"],
            ["evaluator.id"],
            name=op.f("fk_engagement_lead_evaluator_id_evaluator"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["user_account.id"],
            name=op.f("fk_engagement_opened_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["service_type_id"],
            ["service_type.id"],
            name=op.f("fk_engagement_service_type_id_service_type"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["engagement_template.id"],
            name=op.f("fk_engagement_template_id_engagement_template"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("code", name=op.f("uq_engagement_code")),
    )
    op.create_index(op.f("ix_engagement_agency_id"), "engagement", ["agency_id"], unique=False)
    op.create_index(op.f("ix_engagement_client_id"), "engagement", ["client_id"], unique=False)
    op.create_index(op.f("ix_engagement_closed_at"), "engagement", ["closed_at"], unique=False)
    op.create_index(
        op.f("ix_engagement_lead_evaluator_id"), "engagement", ["lead_evaluator_id"], unique=False
    )
    op.create_index(
        "ix_engagement_open", "engagement", ["closed_at", "current_stage_position"], unique=False
    )
    op.create_index(op.f("ix_engagement_year"), "engagement", ["year"], unique=False)
    op.create_table(
        "ranking_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("rank_low", sa.Integer(), nullable=True),
        sa.Column("rank_high", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=1), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_low", sa.Double(), nullable=True),
        sa.Column("score_high", sa.Double(), nullable=True),
        sa.Column("raw_mean", sa.Double(), nullable=True),
        sa.Column("reliability", sa.Double(), nullable=False),
        sa.Column("engagements", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("unit_mean", sa.Double(), nullable=True),
        sa.Column("performance_mean", sa.Double(), nullable=True),
        sa.Column("section_mean", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_ranking_row_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["ranking_snapshot.id"],
            name=op.f("fk_ranking_row_snapshot_id_ranking_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_row")),
        sa.UniqueConstraint(
            "snapshot_id", "agency_id", name=op.f("uq_ranking_row_snapshot_id_agency_id")
        ),
    )
    op.create_index(op.f("ix_ranking_row_agency_id"), "ranking_row", ["agency_id"], unique=False)
    op.create_table(
        "template_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("required_papers", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "working_days >= 0", name=op.f("ck_template_stage_working_days_counted")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["engagement_template.id"],
            name=op.f("fk_template_stage_template_id_engagement_template"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_stage")),
        sa.UniqueConstraint(
            "template_id", "position", name=op.f("uq_template_stage_template_id_position")
        ),
    )
    op.create_table(
        "acceptance_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", KIND, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rework_due_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_acceptance_decision_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_acceptance_decision_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_decision")),
        sa.UniqueConstraint(
            "engagement_id", "round", name=op.f("uq_acceptance_decision_engagement_id_round")
        ),
    )
    op.create_index(
        op.f("ix_acceptance_decision_engagement_id"),
        "acceptance_decision",
        ["engagement_id"],
        unique=False,
    )
    op.create_table(
        "acceptance_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_acceptance_item_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_item")),
        sa.UniqueConstraint(
            "engagement_id", "number", name=op.f("uq_acceptance_item_engagement_id_number")
        ),
    )
    op.create_index(
        op.f("ix_acceptance_item_engagement_id"), "acceptance_item", ["engagement_id"], unique=False
    )
    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("unsealed_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_review_round_engagement_id_engagement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_review_round_engagement_id")),
    )
    op.create_index(
        "ix_review_round_unsealed", "review_round", ["unsealed_at", "closes_on"], unique=False
    )
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("required_papers", sa.JSON(), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=True),
        sa.Column("submitted_at", UTC_TIME, nullable=True),
        sa.Column("approved_at", UTC_TIME, nullable=True),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_stage_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint(
            "engagement_id", "position", name=op.f("uq_stage_engagement_id_position")
        ),
    )
    op.create_index(op.f("ix_stage_due_on"), "stage", ["due_on"], unique=False)
    op.create_index(op.f("ix_stage_engagement_id"), "stage", ["engagement_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", BIG, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_task_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_task_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["organisation.id"], name=op.f("fk_task_section_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_task_unit_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_task_engagement_id_number")),
    )
    op.create_index(op.f("ix_task_engagement_id"), "task", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_task_section_id"), "task", ["section_id"], unique=False)
    op.create_index(op.f("ix_task_unit_id"), "task", ["unit_id"], unique=False)
    op.create_table(
        "acceptance_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["acceptance_decision.id"],
            name=op.f("fk_acceptance_finding_decision_id_acceptance_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["acceptance_item.id"],
            name=op.f("fk_acceptance_finding_item_id_acceptance_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_finding")),
        sa.UniqueConstraint(
            "decision_id", "item_id", name=op.f("uq_acceptance_finding_decision_id_item_id")
        ),
    )
    op.create_table(
        "review_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("party", KIND, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_review_invitation_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["review_round.id"],
            name=op.f("fk_review_invitation_round_id_review_round"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invitation")),
        sa.UniqueConstraint(
            "round_id",
            "party",
            "organisation_id",
            name=op.f("uq_review_invitation_round_id_party_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_review_invitation_organisation_id"),
        "review_invitation",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_review_invitation_round_id"), "review_invitation", ["round_id"], unique=False
    )
    op.create_table(
        "working_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("index_class", KIND, nullable=False),
        sa.Column("index_no", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_working_paper_created_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_working_paper_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_working_paper_stage_id_stage")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_working_paper_task_id_task")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["user_account.id"],
            name=op.f("fk_working_paper_withdrawn_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_paper")),
        sa.UniqueConstraint(
            "engagement_id", "index_no", name=op.f("uq_working_paper_engagement_id_index_no")
        ),
    )
    op.create_index(
        "ix_working_paper_engagement_state",
        "working_paper",
        ["engagement_id", "state"],
        unique=False,
    )
    op.create_table(
        "paper_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_paper_version_sha256_whole")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_paper_version_number_from_one")),
        sa.CheckConstraint("size > 0", name=op.f("ck_paper_version_size_not_empty")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_paper_version_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["working_paper.id"], name=op.f("fk_paper_version_paper_id_working_paper")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["user_account.id"],
            name=op.f("fk_paper_version_submitted_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_version")),
        sa.UniqueConstraint("paper_id", "number", name=op.f("uq_paper_version_paper_id_number")),
    )
    op.create_index("ix_paper_version_sha256", "paper_version", ["sha256"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_review_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["review_invitation.id"],
            name=op.f("fk_review_invitation_id_review_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_review_round_id_review_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_review_invitation_id")),
        sa.UniqueConstraint("round_id", "author_id", name=op.f("uq_review_round_id_author_id")),
    )
    op.create_table(
        "final_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("seal", KIND, nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_final_report_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["evaluator.id"], name=op.f("fk_final_report_signed_by_id_evaluator")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["user_account.id"],
            name=op.f("fk_final_report_submitted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_final_report_version_id_paper_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_report")),
        sa.UniqueConstraint(
            "engagement_id", "round", name=op.f("uq_final_report_engagement_id_round")
        ),
    )
    op.create_table(
        "guidance_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTC_TIME, nullable=False),
        sa.Column("settled_at", UTC_TIME, nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_guidance_note_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_guidance_note_engagement_id_engagement"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["working_paper.id"], name=op.f("fk_guidance_note_paper_id_working_paper")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"],
            ["user_account.id"],
            name=op.f("fk_guidance_note_settled_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_guidance_note_version_id_paper_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_note")),
        sa.UniqueConstraint("paper_id", "number", name=op.f("uq_guidance_note_paper_id_number")),
    )
    op.create_index(
        "ix_guidance_note_engagement_settled",
        "guidance_note",
        ["engagement_id", "settled_at"],
        unique=False,
    )
    op.create_table(
        "review_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_score_stars_one_to_five")),
        sa.ForeignKeyConstraint(
            ["dimension_id"], ["dimension.id"], name=op.f("fk_review_score_dimension_id_dimension")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_score_review_id_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_score")),
        sa.UniqueConstraint(
            "review_id", "dimension_id", name=op.f("uq_review_score_review_id_dimension_id")
        ),
    )
    op.create_table(
        "note_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_note_reply_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["guidance_note.id"], name=op.f("fk_note_reply_note_id_guidance_note")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_reply")),
    )
    op.create_index(op.f("ix_note_reply_note_id"), "note_reply", ["note_id"], unique=False)


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
