"""Weights by role and dimension with versions, the checklist, rulings, and stars that stay."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
KIND = sa.String(length=40)
PROBLEMS = (
    ("data", "数据有错漏"),
    ("shallow", "分析不深入"),
    ("advice", "建议不可行"),
    ("evidence", "佐证不充分"),
    ("returned", "多次退回修改"),
    ("late", "逾期提交"),
    ("silent", "沟通不及时"),
    ("staff", "更换约定人员"),
    ("absent", "未到现场核查"),
    ("discipline", "保密或纪律问题"),
)
SET_ON = date(2020, 1, 1)  # the weights that the portal shipped with hold from the beginning


def key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    make_weights()
    make_checklist()
    grow_reviews()
    make_rulings()
    fill()
    if op.get_bind().dialect.name == "sqlite":
        freeze_sqlite()
    else:
        freeze_postgresql()


def make_weights():
    op.create_table(
        "weight_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        key("weight_version", "made_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_version")),
        sa.UniqueConstraint("number", name=op.f("uq_weight_version_number")),
    )
    op.create_index(op.f("ix_weight_version_holds_from"), "weight_version", ["holds_from"])
    op.create_table(
        "weight_of_party",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("party", KIND, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_weight_of_party_weight_not_negative")),
        key("weight_of_party", "version_id", "weight_version"),
        sa.PrimaryKeyConstraint("version_id", "party", name=op.f("pk_weight_of_party")),
    )
    op.create_table(
        "weight_cell",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("party", KIND, nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_weight_cell_weight_not_negative")),
        key("weight_cell", "version_id", "weight_version"),
        key("weight_cell", "dimension_id", "dimension"),
        sa.PrimaryKeyConstraint("version_id", "party", "dimension_id", name=op.f("pk_weight_cell")),
    )
    op.create_table(
        "dimension_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("set_at", UTC_TIME, nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stars BETWEEN 1 AND 5", name=op.f("ck_dimension_anchor_stars_one_to_five")
        ),
        key("dimension_anchor", "dimension_id", "dimension"),
        key("dimension_anchor", "set_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension_anchor")),
    )
    op.create_index(op.f("ix_dimension_anchor_dimension_id"), "dimension_anchor", ["dimension_id"])


def make_checklist():
    op.create_table(
        "problem_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_problem_kind_code")),
    )
    op.create_table(
        "review_problem",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        key("review_problem", "review_id", "review"),
        key("review_problem", "problem_id", "problem_kind"),
        sa.PrimaryKeyConstraint("review_id", "problem_id", name=op.f("pk_review_problem")),
    )


def grow_reviews():
    """A review may have further versions, and be signed by somebody without an account."""
    reminders = sa.Column("reminders", sa.Integer(), server_default="0", nullable=False)
    op.add_column("review_invitation", reminders)
    with op.batch_alter_table("review") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch.add_column(
            sa.Column("author_name", sa.String(length=40), server_default="", nullable=False)
        )
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint(op.f("uq_review_invitation_id"), type_="unique")
        batch.drop_constraint(op.f("uq_review_round_id_author_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_review_invitation_id_version"), ["invitation_id", "version"]
        )
        batch.create_unique_constraint(
            op.f("uq_review_round_id_author_id_version"), ["round_id", "author_id", "version"]
        )


def make_rulings():
    op.create_table(
        "review_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_at", UTC_TIME, nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        key("review_ruling", "review_id", "review"),
        key("review_ruling", "ruled_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_ruling")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_ruling_review_id")),
    )


def fill():
    """The first version is what the weights are now: every dimension is asked of every party."""
    bind, meta = op.get_bind(), sa.MetaData()
    known = ("dimension", "party_weight", "weight_version", "weight_of_party", "weight_cell")
    meta.reflect(bind, only=[*known, "problem_kind"])
    table = meta.tables
    dimensions = bind.execute(sa.select(table["dimension"].c["id", "weight"])).all()
    parties = bind.execute(sa.select(table["party_weight"].c["party", "weight"])).all()
    made_at = datetime.combine(SET_ON, datetime.min.time(), UTC)
    first = {"number": 1, "holds_from": SET_ON, "reason": "系统初始设置", "made_at": made_at}
    version = bind.execute(
        table["weight_version"].insert().returning(table["weight_version"].c.id), first
    ).scalar_one()
    for party, weight in parties:
        row = {"version_id": version, "party": party}
        bind.execute(table["weight_of_party"].insert(), {**row, "weight": weight})
        for dimension, share in dimensions:
            cell = {**row, "dimension_id": dimension, "weight": share}
            bind.execute(table["weight_cell"].insert(), cell)
    op.bulk_insert(
        table["problem_kind"],
        [
            {"code": code, "name": name, "position": place}
            for place, (code, name) in enumerate(PROBLEMS, 1)
        ],
    )


# What was given once stays: refused by the database itself, whoever asks.
STAYS = ("review", "review_score", "review_problem", "review_ruling")
TAKEN = {
    "review": "id = NEW.id OR (invitation_id = NEW.invitation_id AND version = NEW.version)",
    "review_score": "id = NEW.id OR (review_id = NEW.review_id AND dimension_id = NEW.dimension_id)",
    "review_problem": "review_id = NEW.review_id AND problem_id = NEW.problem_id",
    "review_ruling": "id = NEW.id OR review_id = NEW.review_id",
}
PUBLISHED = (
    "code, title, as_of, since, method, parameters, result, data_digest, result_digest,"
    " computed_at, computed_by_id, published_at, published_by_id, reason"
)
OF_PUBLISHED = "SELECT 1 FROM ranking_snapshot WHERE published_at IS NOT NULL AND id ="


def freeze_sqlite():
    for table in STAYS:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
            )
        # INSERT OR REPLACE would remove the older row without asking the trigger above
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {TAKEN[table]})"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} {taken} {refuse}"
        )
    refuse = "BEGIN SELECT RAISE(ABORT, 'a published ranking is frozen'); END"
    for name, when, row in (
        ("ranking_snapshot_stays", f"UPDATE OF {PUBLISHED} ON ranking_snapshot", "OLD.id"),
        ("ranking_snapshot_is_kept", "DELETE ON ranking_snapshot", "OLD.id"),
        ("ranking_row_stays", "UPDATE ON ranking_row", "OLD.snapshot_id"),
        ("ranking_row_is_kept", "DELETE ON ranking_row", "OLD.snapshot_id"),
        ("ranking_row_is_whole", "INSERT ON ranking_row", "NEW.snapshot_id"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} WHEN EXISTS ({OF_PUBLISHED} {row}) {refuse}"
        )


def freeze_postgresql():
    op.execute(
        """CREATE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""
    )
    for table in STAYS:
        for name, when in (
            (f"{table}_refuses_change", f"UPDATE OR DELETE ON {table} FOR EACH ROW"),
            (f"{table}_refuses_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION review_refuse()")
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    for table, row in (("ranking_snapshot", "id"), ("ranking_row", "snapshot_id")):
        op.execute(
            f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS ({OF_PUBLISHED} NEW.{row}) THEN
      RAISE EXCEPTION 'a published ranking is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_LEVEL = 'STATEMENT' OR EXISTS ({OF_PUBLISHED} OLD.{row}) THEN
    RAISE EXCEPTION 'a published ranking is frozen' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$"""
        )
        columns = f" OF {PUBLISHED}" if table == "ranking_snapshot" else ""
        added = " OR INSERT" if table == "ranking_row" else ""
        for name, when in (
            (f"{table}_stays", f"DELETE OR UPDATE{columns}{added} ON {table} FOR EACH ROW"),
            (f"{table}_is_kept", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {table}_refuse()")


def downgrade():
    raise NotImplementedError("what buyers gave is never taken down")
