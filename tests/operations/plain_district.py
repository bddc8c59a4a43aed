"""A tiny district as the first release wrote it: plain rows, of the columns that it knew."""

from datetime import UTC, date, datetime

from sqlalchemy import MetaData, Table, func, select

from app import audit
from app.audit import sealing
from app.db import db, transaction

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PLAIN = datetime(2026, 3, 2, 2, 0)  # noqa: DTZ001 - as SQLite's columns hold it, in UTC
DAY, HASH = date(2026, 3, 2), "0" * 64
ORGANISATIONS = (
    (1, "bureau", "演示财政局"), (2, "section", "演示科室"), (3, "unit", "演示单位"), (4, "agency", "演示机构"),
)  # fmt: skip
PEOPLE = (
    (1, "officer", "performance_officer", 1), (2, "lead", "lead_evaluator", 4), (3, "member", "agency_member", 4),
    (4, "unit", "unit_officer", 3), (5, "auditor", "audit_admin", 1),
)  # fmt: skip
STARTED = {
    "started_at": NOW,
    "due_on": date(2026, 4, 1),
    "required_papers": [],
    "returned_count": 0,
}


def rows(many: int) -> list[tuple[str, dict]]:
    """Every row with its table, in the order of their references; `many` sets apart two districts."""
    found: list[tuple[str, dict]] = []

    def add(table: str, key: int, **columns) -> None:
        found.append((table, {"id": key + many, **columns}))

    for key, kind, name in ORGANISATIONS:
        add("organisation", key, kind=kind, name=f"{name}{many}", registered_at=NOW)
    add(
        "agency", 4, agency_type="consultancy", legal_representative="演示法人", address="", phone="",
        platform_number="", registered_at=NOW,
    )  # fmt: skip
    for key, login, role, home in PEOPLE:
        add(
            "user_account", key, login=f"{login}{many}", name="演示人员", role=role, organisation_id=home + many,
            password_hash="!", password_set_at=datetime.now(UTC), must_change_password=False,
            failed_sign_ins=0, session_stamp="x", opened_at=NOW,
        )  # fmt: skip
    add(
        "evaluator", 1, agency_id=4 + many, user_id=2 + many, name="演示主评人", qualification="",
        working_since=date(2010, 7, 1), evaluating_since=date(2012, 7, 1), confirmed_at=NOW, remark="",
    )  # fmt: skip
    add(
        "engagement", 1, code=f"XP2026-{many}", name="演示项目绩效评价", year=2026, template_id=1, service_type_id=3,
        agency_id=4 + many, lead_evaluator_id=1 + many, client_id=1 + many, issued_by="agency",
        fee_fen=5_000_000, signed_on=DAY, starts_on=DAY, ends_on=date(2026, 12, 31), opened_at=NOW,
        opened_by_id=1 + many, current_stage_position=1, refusal_count=0, termination_reason="",
    )  # fmt: skip
    add(
        "task", 1, engagement_id=1 + many, number=1, project="演示专项资金", amount_fen=100, unit_id=3 + many,
        section_id=2 + many,
    )  # fmt: skip
    add(
        "stage",
        1,
        engagement_id=1 + many,
        position=1,
        code="contract",
        name="委托与合同",
        **STARTED,
    )
    add("stage", 2, engagement_id=1 + many, position=2, code="acceptance", name="验收", **STARTED)
    add(
        "working_paper", 1, engagement_id=1 + many, stage_id=1 + many, index_class="A", index_no="A-1",
        title="业务委托合同", state="submitted", current_version=1, created_by_id=3 + many, created_at=NOW,
        withdrawal_reason="",
    )  # fmt: skip
    add(
        "paper_version", 1, paper_id=1 + many, number=1, file_name="演示.pdf", media_type="application/pdf",
        size=9, sha256=HASH, store_key=f"sha256/{HASH}", is_late=False, submitted_by_id=3 + many,
        submitted_at=NOW, state="submitted", decision_words="",
    )  # fmt: skip
    add(
        "guidance_note", 1, engagement_id=1 + many, paper_id=1 + many, version_id=1 + many, number=1,
        kind="suggestion", place="", body="演示意见", reason="", author_id=1 + many, issued_at=NOW,
    )  # fmt: skip
    add("note_reply", 1, note_id=1 + many, body="演示答复", author_id=2 + many, sent_at=NOW)
    add("review_round", 1, engagement_id=1 + many, opened_at=NOW, closes_on=date(2026, 12, 31))
    for key, party, home in ((1, "unit", 3), (2, "performance", 1)):
        add("review_invitation", key, round_id=1 + many, party=party, organisation_id=home + many)
    add(
        "review", 1, invitation_id=1 + many, round_id=1 + many, author_id=4 + many, submitted_at=NOW,
        words="演示", fact="", nonce="n", commitment=HASH,
    )  # fmt: skip
    add("review_score", 1, review_id=1 + many, dimension_id=1, stars=4)
    add(
        "message",
        1,
        user_id=1 + many,
        kind="engagement_opened",
        facts={"engagement": "演示"},
        link="/",
        sent_at=NOW,
    )
    return found


def write(many: int = 0) -> None:
    """Insert the rows as a process of the first release does, with entries in the sealed log."""
    known: dict[str, Table] = {}
    with transaction():
        connection = db.session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        for name, row in rows(many):
            if name not in known:
                known[name] = Table(name, MetaData(), autoload_with=connection)
            plain = {
                column: value.replace(tzinfo=None)
                if is_sqlite and isinstance(value, datetime)
                else value
                for column, value in row.items()
            }
            connection.execute(known[name].insert().values(**plain))
        for number in range(30):
            audit.record(
                audit.PORTAL, audit.Event.SIGN_IN_REFUSED, f"user_account:{number}", reason="x"
            )
    with transaction():
        sealing.seal()


def counts() -> dict[str, int]:
    """How many rows each table of the tiny district has."""
    names = {name for name, _row in rows(0)} | {"audit_event", "audit_leaf", "audit_checkpoint"}
    connection = db.session.connection()
    told = {
        name: connection.scalar(
            select(func.count()).select_from(Table(name, MetaData(), autoload_with=connection))
        )
        for name in names
    }
    db.session.rollback()
    return told


def kept() -> dict[str, list[dict]]:
    """What the rows say now, of the columns that they had then."""
    connection = db.session.connection()
    found: dict[str, list[dict]] = {}
    for name, row in rows(0):
        table = Table(name, MetaData(), autoload_with=connection)
        columns = [table.c[column] for column in row]
        one = connection.execute(select(*columns).where(table.c.id == row["id"])).mappings().one()
        found.setdefault(name, []).append(dict(one))
    db.session.rollback()
    return found
