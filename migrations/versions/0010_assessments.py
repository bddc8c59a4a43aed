"""Quality assessments: forms, rules, scored jobs, the year's list, consequences, objections."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MADE_AT = sa.text("CURRENT_TIMESTAMP")

# The form that ships: a plan of 30, a result of 70 (the split inside is ours, and may be edited).
ITEMS = (
    (
        "plan",
        "团队与准备",
        10,
        "主评人到位，人员与投标或合同承诺一致，分工明确，资料清单和调研准备充分。",
        ["team"],
    ),
    (
        "plan",
        "指标体系",
        15,
        "指标完整、可衡量，与绩效目标相关，权重合理，评分标准明确。",
        ["indicators"],
    ),
    ("plan", "计划可行", 5, "进度、方法、样本安排可行，与工作方案审核意见一致。", ["plan"]),
    (
        "result",
        "报告质量",
        35,
        "内容完整、抓住要点、观点明确、佐证充分、分析透彻、建议可行。",
        ["returns", "opinions"],
    ),
    (
        "result",
        "底稿与佐证",
        15,
        "底稿齐全，每项评分有佐证，索引清楚，无事后补充。",
        ["coverage", "late_papers"],
    ),
    ("result", "时效", 10, "各阶段按期提交，报告按合同期限完成。", ["on_time", "overdue_days"]),
    ("result", "沟通配合", 5, "及时答复意见，与各方沟通顺畅。", ["answers"]),
    ("result", "保密与纪律", 5, "遵守保密、廉洁、回避要求，无投诉查实。", ["credit"]),
)
LABELS = {"a": "A级", "b": "B级", "c": "C级", "d": "D级"}
CONSEQUENCES = {"a": "priority", "b": "normal", "c": "talk", "d": "suspension"}

form = sa.table(
    "assessment_form",
    sa.column("id", sa.Integer),
    sa.column("code", sa.String),
    sa.column("version", sa.Integer),
    sa.column("name", sa.String),
    sa.column("most_bonus", sa.Integer),
    sa.column("reason", sa.Text),
    sa.column("made_at"),
)
item = sa.table(
    "assessment_item",
    sa.column("form_id", sa.Integer),
    sa.column("position", sa.Integer),
    sa.column("part", sa.String),
    sa.column("name", sa.String),
    sa.column("points", sa.Integer),
    sa.column("standard", sa.Text),
    sa.column("facts", sa.JSON),
)
rules = sa.table(
    "assessment_rules",
    *(
        sa.column(name, sa.Integer)
        for name in ("version", "edge_a", "edge_b", "edge_c", "weight_assessment", "weight_stars")
    ),
    *(
        sa.column(name, sa.Integer)
        for name in (
            "least_jobs",
            "least_ratings",
            "most_credit",
            "objection_days",
            "decision_days",
        )
    ),
    sa.column("labels", sa.JSON),
    sa.column("consequences", sa.JSON),
    sa.column("weighting", sa.String),
    sa.column("reason", sa.Text),
    sa.column("made_at"),
)


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    op.create_table(
        "assessment_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("most_bonus", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "most_bonus BETWEEN 0 AND 2000", name=op.f("ck_assessment_form_bonus_bounded")
        ),
        key("assessment_form", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_form")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_assessment_form_code_version")),
    )
    op.create_table(
        "assessment_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", KIND, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "points > 0 AND points <= 10000", name=op.f("ck_assessment_item_points_counted")
        ),
        key("assessment_item", "form_id", "assessment_form"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_item")),
        sa.UniqueConstraint(
            "form_id", "position", name=op.f("uq_assessment_item_form_id_position")
        ),
    )
    op.create_table(
        "assessment_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edge_a", sa.Integer(), nullable=False),
        sa.Column("edge_b", sa.Integer(), nullable=False),
        sa.Column("edge_c", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("weighting", KIND, nullable=False),
        sa.Column("weight_assessment", sa.Integer(), nullable=False),
        sa.Column("weight_stars", sa.Integer(), nullable=False),
        sa.Column("least_jobs", sa.Integer(), nullable=False),
        sa.Column("least_ratings", sa.Integer(), nullable=False),
        sa.Column("most_credit", sa.Integer(), nullable=False),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.Column("decision_days", sa.Integer(), nullable=False),
        sa.Column("consequences", sa.JSON(), nullable=False),
        sa.Column("pay", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "edge_a > edge_b AND edge_b > edge_c AND edge_c > 0",
            name=op.f("ck_assessment_rules_edges_fall"),
        ),
        sa.CheckConstraint(
            "weight_assessment > 0 AND weight_stars >= 0",
            name=op.f("ck_assessment_rules_weights_counted"),
        ),
        sa.CheckConstraint(
            "weight_assessment + weight_stars = 100",
            name=op.f("ck_assessment_rules_weights_of_hundred"),
        ),
        sa.CheckConstraint(
            "objection_days > 0 AND decision_days > 0",
            name=op.f("ck_assessment_rules_windows_counted"),
        ),
        key("assessment_rules", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_rules")),
        sa.UniqueConstraint("version", name=op.f("uq_assessment_rules_version")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_at", UTC_TIME, nullable=False),
        sa.Column("filled_by_id", sa.Integer(), nullable=False),
        sa.Column("bonus", sa.Integer(), nullable=True),
        sa.Column("bonus_words", sa.Text(), nullable=False),
        sa.Column("submitted_at", UTC_TIME, nullable=True),
        sa.Column("return_words", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("grade", KIND, nullable=True),
        sa.Column("pay_percent", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UTC_TIME, nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("superseded_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "bonus IS NULL OR bonus = 0 OR length(bonus_words) > 0",
            name=op.f("ck_assessment_bonus_told"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR (submitted_at IS NOT NULL AND total IS NOT NULL)",
            name=op.f("ck_assessment_confirmed_when_whole"),
        ),
        sa.CheckConstraint(
            "version = 1 OR length(reason) > 0", name=op.f("ck_assessment_correction_explained")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> filled_by_id", name=op.f("ck_assessment_second_person_confirms")
        ),
        sa.CheckConstraint(
            "total BETWEEN 0 AND 10000", name=op.f("ck_assessment_total_of_hundred")
        ),
        key("assessment", "confirmed_by_id", "user_account"),
        key("assessment", "engagement_id", "engagement"),
        key("assessment", "filled_by_id", "user_account"),
        key("assessment", "form_id", "assessment_form"),
        key("assessment", "rules_id", "assessment_rules"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "engagement_id", "version", name=op.f("uq_assessment_engagement_id_version")
        ),
    )
    op.create_index(op.f("ix_assessment_confirmed_at"), "assessment", ["confirmed_at"])
    op.create_index(
        op.f("uq_assessment_current"),
        "assessment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NOT NULL AND superseded_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NOT NULL AND superseded_at IS NULL"),
    )
    op.create_index(
        op.f("uq_assessment_unconfirmed"),
        "assessment",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.create_table(
        "assessment_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "points IS NULL OR points = most OR length(words) > 0",
            name=op.f("ck_assessment_score_deduction_told"),
        ),
        sa.CheckConstraint(
            "points BETWEEN 0 AND most", name=op.f("ck_assessment_score_within_points")
        ),
        key("assessment_score", "assessment_id", "assessment"),
        key("assessment_score", "item_id", "assessment_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_score")),
        sa.UniqueConstraint(
            "assessment_id", "item_id", name=op.f("uq_assessment_score_assessment_id_item_id")
        ),
    )
    op.create_table(
        "annual_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("weights_number", sa.Integer(), nullable=False),
        sa.Column("stars_until", UTC_TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_at", UTC_TIME, nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("unassessed", sa.Integer(), nullable=False),
        sa.Column("noticed_at", UTC_TIME, nullable=True),
        sa.Column("notice_words", sa.Text(), nullable=False),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("returned_at", UTC_TIME, nullable=True),
        sa.Column("approved_at", UTC_TIME, nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("superseded_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_annual_list_approved_first"),
        ),
        sa.CheckConstraint(
            "version = 1 OR length(reason) > 0", name=op.f("ck_annual_list_change_explained")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR length(document_no) > 0",
            name=op.f("ck_annual_list_published_with_number"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drawn_by_id", name=op.f("ck_annual_list_second_person_decides")
        ),
        key("annual_list", "approved_by_id", "user_account"),
        key("annual_list", "drawn_by_id", "user_account"),
        key("annual_list", "published_by_id", "user_account"),
        key("annual_list", "rules_id", "assessment_rules"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_list")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_annual_list_year_version")),
    )
    op.create_index(op.f("ix_annual_list_published_at"), "annual_list", ["published_at"])
    op.create_index(op.f("ix_annual_list_year"), "annual_list", ["year"])
    op.create_table(
        "annual_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.Column("assessment", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("grade", KIND, nullable=False),
        sa.Column("consequence", KIND, nullable=False),
        sa.Column("consequence_words", sa.Text(), nullable=False),
        sa.CheckConstraint("jobs > 0", name=op.f("ck_annual_row_jobs_counted")),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 10000", name=op.f("ck_annual_row_score_of_hundred")
        ),
        sa.CheckConstraint(
            "stars BETWEEN 100 AND 500", name=op.f("ck_annual_row_stars_one_to_five")
        ),
        key("annual_row", "agency_id", "agency"),
        key("annual_row", "list_id", "annual_list"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_row")),
        sa.UniqueConstraint("list_id", "agency_id", name=op.f("uq_annual_row_list_id_agency_id")),
    )
    op.create_index(op.f("ix_annual_row_agency_id"), "annual_row", ["agency_id"])
    op.create_table(
        "consequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", UTC_TIME, nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("imposed_at", UTC_TIME, nullable=True),
        sa.Column("refused_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("revoked_at", UTC_TIME, nullable=True),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.CheckConstraint(
            "length(basis) > 0 AND length(words) > 0", name=op.f("ck_consequence_basis_told")
        ),
        sa.CheckConstraint(
            "imposed_at IS NULL OR refused_at IS NULL", name=op.f("ck_consequence_decided_once")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_consequence_ends_after_start")),
        sa.CheckConstraint(
            "points BETWEEN -10000 AND 10000", name=op.f("ck_consequence_points_bounded")
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_consequence_second_person_decides")
        ),
        key("consequence", "agency_id", "agency"),
        key("consequence", "decided_by_id", "user_account"),
        key("consequence", "engagement_id", "engagement"),
        key("consequence", "proposed_by_id", "user_account"),
        key("consequence", "row_id", "annual_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consequence")),
    )
    op.create_index(op.f("ix_consequence_agency_term"), "consequence", ["agency_id", "ends_on"])
    op.create_index(op.f("ix_consequence_engagement_id"), "consequence", ["engagement_id"])
    op.create_index(op.f("ix_consequence_row_id"), "consequence", ["row_id"])
    op.create_table(
        "annual_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("consequence_id", sa.Integer(), nullable=True),
        sa.Column("weight", BIG, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assessment_id IS NULL) <> (consequence_id IS NULL)",
            name=op.f("ck_annual_input_one_source"),
        ),
        key("annual_input", "assessment_id", "assessment"),
        key("annual_input", "consequence_id", "consequence"),
        key("annual_input", "row_id", "annual_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_input")),
        sa.UniqueConstraint(
            "row_id", "assessment_id", name=op.f("uq_annual_input_row_id_assessment_id")
        ),
        sa.UniqueConstraint(
            "row_id", "consequence_id", name=op.f("uq_annual_input_row_id_consequence_id")
        ),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("consequence_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", UTC_TIME, nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", KIND, nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_objection_decided_with_outcome"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN row_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN consequence_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_objection_one_target"),
        ),
        key("objection", "agency_id", "agency"),
        key("objection", "assessment_id", "assessment"),
        key("objection", "consequence_id", "consequence"),
        key("objection", "decided_by_id", "user_account"),
        key("objection", "raised_by_id", "user_account"),
        key("objection", "row_id", "annual_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_objection_assessment_id")),
        sa.UniqueConstraint("consequence_id", name=op.f("uq_objection_consequence_id")),
        sa.UniqueConstraint("row_id", name=op.f("uq_objection_row_id")),
    )
    op.create_index(op.f("ix_objection_agency_decided"), "objection", ["agency_id", "decided_at"])
    ship()
    if op.get_bind().dialect.name == "sqlite":
        freeze_sqlite()
    else:
        freeze_postgresql()


def ship():
    """The form and the rules that a bureau starts from."""
    told = {"code": "usual", "version": 1, "name": "单次质量考核表", "most_bonus": 500}
    op.execute(form.insert().values(**told, reason="", made_at=MADE_AT))
    made = op.get_bind().scalar(sa.select(form.c.id))
    for position, (part, name, points, standard, facts) in enumerate(ITEMS, 1):
        row = {"position": position, "part": part, "name": name, "points": points * 100}
        op.execute(item.insert().values(form_id=made, standard=standard, facts=facts, **row))
    numbers = {
        "edge_a": 90,
        "edge_b": 80,
        "edge_c": 60,
        "least_jobs": 2,
        "least_ratings": 3,
        "most_credit": 1000,
    }
    weights = {"weight_assessment": 70, "weight_stars": 30, "weighting": "fee"}
    windows = {"objection_days": 5, "decision_days": 10}
    words = {"labels": LABELS, "consequences": CONSEQUENCES, "reason": "", "version": 1}
    op.execute(rules.insert().values(**numbers, **weights, **windows, **words, made_at=MADE_AT))


WORDS = "an assessment that was told is frozen"
# table: when its rows are frozen, and what alone may still change
OWN = {
    "assessment": ("OLD.confirmed_at IS NOT NULL", {"superseded_at"}),
    "annual_list": ("OLD.published_at IS NOT NULL", {"superseded_at"}),
    "assessment_form": ("1 = 1", {"retired_at"}),
    "assessment_item": ("1 = 1", set()),
    "assessment_rules": ("1 = 1", set()),
    "consequence": (
        "OLD.imposed_at IS NOT NULL OR OLD.refused_at IS NOT NULL",
        {"revoked_at", "ended_at"},
    ),
    "objection": ("OLD.decided_at IS NOT NULL", set()),
}
# child: the column that leads to its parent, and how a frozen parent is known
BELOW = {
    "assessment_score": ("assessment_id", "assessment", "confirmed_at IS NOT NULL"),
    "annual_row": ("list_id", "annual_list", "noticed_at IS NOT NULL"),
    "annual_input": (
        "row_id",
        "annual_row JOIN annual_list ON annual_list.id = annual_row.list_id",
        "noticed_at IS NOT NULL",
    ),
}


def columns_of(table):
    found = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return ", ".join(name for name in found if name not in OWN.get(table, ("", set()))[1])


def parent_is_frozen(child, row):
    column, parents, frozen = BELOW[child]
    name = parents.split()[0]
    return f"EXISTS (SELECT 1 FROM {parents} WHERE {frozen} AND {name}.id = {row}.{column})"


def freeze_sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    for table, (frozen, _free) in OWN.items():
        for name, when in (("update", f"UPDATE OF {columns_of(table)}"), ("delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{name} BEFORE {when} ON {table}"
                f" WHEN {frozen} {refuse}"
            )
    for table in BELOW:
        for name, row in (("update", "OLD"), ("insert", "NEW"), ("delete", "OLD")):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{name} BEFORE {name.upper()} ON {table}"
                f" WHEN {parent_is_frozen(table, row)} {refuse}"
            )


def freeze_postgresql():
    op.execute(
        f"""CREATE FUNCTION assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation';
END $$"""
    )
    for table, (frozen, _free) in OWN.items():
        for name, when in (("update", f"UPDATE OF {columns_of(table)}"), ("delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{name} BEFORE {when} ON {table}"
                f" FOR EACH ROW WHEN ({frozen}) EXECUTE FUNCTION assessment_refuse()"
            )
    for table in BELOW:
        op.execute(
            f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND {parent_is_frozen(table, "OLD")}
     OR TG_OP <> 'DELETE' AND {parent_is_frozen(table, "NEW")} THEN
    RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$"""
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )


TABLES = (
    "objection",
    "annual_input",
    "consequence",
    "annual_row",
    "annual_list",
    "assessment_score",
    "assessment",
    "assessment_rules",
    "assessment_item",
    "assessment_form",
)


def downgrade():
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("assessment", *BELOW):
            op.execute(f"DROP FUNCTION {name}_refuse()")
