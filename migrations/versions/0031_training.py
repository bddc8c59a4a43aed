"""Courses, quizzes, trainings, hours and their certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "certificate_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_attempt")),
    )
    op.create_index(
        "ix_certificate_attempt_place_at", "certificate_attempt", ["place", "at"], unique=False
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("audience", KIND, nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=False),
        sa.Column("questions_asked", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=True),
        sa.Column("withdrawn_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("attempts_allowed > 0", name=op.f("ck_course_attempts_counted")),
        sa.CheckConstraint("hours BETWEEN 0 AND 200", name=op.f("ck_course_hours_counted")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_course_minutes_counted")),
        sa.CheckConstraint(
            "pass_percent BETWEEN 1 AND 100", name=op.f("ck_course_pass_percent_of_hundred")
        ),
        sa.CheckConstraint("questions_asked >= 0", name=op.f("ck_course_questions_counted")),
        sa.CheckConstraint("valid_months > 0", name=op.f("ck_course_valid_months_counted")),
        sa.ForeignKeyConstraint(
            ["dimension_id"], ["dimension.id"], name=op.f("fk_course_dimension_id_dimension")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_course_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_table(
        "course_file",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_course_file_sha256_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_course_file_size_not_empty")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_file_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_course_file_sent_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_file")),
    )
    op.create_index(op.f("ix_course_file_course_id"), "course_file", ["course_id"], unique=False)
    op.create_table(
        "course_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_page_course_id_course")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_page")),
        sa.UniqueConstraint(
            "course_id", "position", name=op.f("uq_course_page_course_id_position")
        ),
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("begun_at", UTC_TIME, nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_quiz_attempt_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_quiz_attempt_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "course_id", "user_id", "number", name=op.f("uq_quiz_attempt_course_id_user_id_number")
        ),
    )
    op.create_index(op.f("ix_quiz_attempt_user_id"), "quiz_attempt", ["user_id"], unique=False)
    op.create_table(
        "quiz_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("right", sa.JSON(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_quiz_question_course_id_course")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_question")),
    )
    op.create_index(
        op.f("ix_quiz_question_course_id"), "quiz_question", ["course_id"], unique=False
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("starts_at", UTC_TIME, nullable=False),
        sa.Column("ends_at", UTC_TIME, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_training_session_ends_after_start")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_training_session_hours_counted")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_training_session_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_training_session_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index(
        op.f("ix_training_session_course_id"), "training_session", ["course_id"], unique=False
    )
    op.create_table(
        "page_reading",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["course_page.id"], name=op.f("fk_page_reading_page_id_course_page")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_page_reading_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "page_id", name=op.f("pk_page_reading")),
    )
    op.create_table(
        "session_sign_in",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_session.id"],
            name=op.f("fk_session_sign_in_session_id_training_session"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_session_sign_in_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f("pk_session_sign_in")),
    )
    op.create_table(
        "training_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("source", KIND, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("certificate", sa.String(length=40), nullable=True),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "expires_on >= earned_on", name=op.f("ck_training_hours_expires_after_earned")
        ),
        sa.CheckConstraint("hours BETWEEN 1 AND 200", name=op.f("ck_training_hours_hours_counted")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_training_hours_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_training_hours_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_session.id"],
            name=op.f("fk_training_hours_session_id_training_session"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_training_hours_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_hours")),
        sa.UniqueConstraint("certificate", name=op.f("uq_training_hours_certificate")),
        sa.UniqueConstraint(
            "user_id", "course_id", name=op.f("uq_training_hours_user_id_course_id")
        ),
        sa.UniqueConstraint(
            "user_id", "session_id", name=op.f("uq_training_hours_user_id_session_id")
        ),
    )
    op.create_index("ix_training_hours_state", "training_hours", ["state"], unique=False)
    op.create_index(
        "ix_training_hours_user_earned", "training_hours", ["user_id", "earned_on"], unique=False
    )
    op.create_table(
        "hour_proof",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=False),
        sa.Column("voided_at", UTC_TIME, nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_hour_proof_sha256_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_hour_proof_size_not_empty")),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["training_hours.id"],
            name=op.f("fk_hour_proof_record_id_training_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_hour_proof_sent_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_proof")),
        sa.UniqueConstraint("record_id", name=op.f("uq_hour_proof_record_id")),
    )


def downgrade():
    for table in (
        "hour_proof",
        "training_hours",
        "session_sign_in",
        "page_reading",
        "training_session",
        "quiz_question",
        "quiz_attempt",
        "course_page",
        "course_file",
        "course",
        "certificate_attempt",
    ):
        op.drop_table(table)
