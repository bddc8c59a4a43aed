"""Every release's database becomes this release's: nothing lost, nobody kept waiting."""

import ast
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import create_engine, select, text

from app import create_app, migrating
from app.accounts.models import User
from app.audit.checking import Trust
from app.audit.keys import known_keys
from app.audit.verifying import verify
from app.db import Base, db
from tests import conftest, pages, servers
from tests.operations import plain_district

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "migrations" / "versions"
FIRST = "0004"  # with its templates and dimensions a portal can be used
# Migrations until here were written before the rules below, for databases that are not large.
BEFORE_THE_RULES = "0042"


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    return sorted(
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    )


LATER = [revision for revision in revisions() if FIRST < revision < revisions()[-1]]


@pytest.fixture
def empty(request, database_kind, tmp_path):
    """A portal whose database has no table yet."""
    url = f"sqlite:///{tmp_path}/portal.db"
    if database_kind == "postgres":
        url = servers.new_database(request.getfixturevalue("postgres_server"))
    app = create_app(conftest.make_settings(tmp_path / "var", url))
    app.test_client_class = pages.CheckingClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if database_kind == "postgres":
        servers.drop_database(url)


def upgraded_from(app, mark: str) -> None:
    """Data of a release at this revision are whole afterwards, and old processes go on writing."""
    upgrade(revision=mark)
    plain_district.write()
    counted, before = plain_district.counts(), plain_district.kept()
    upgrade()
    assert plain_district.counts() == counted
    assert plain_district.kept() == before
    plain_district.write(100)  # a process that still runs the old release
    result = verify(db.engine, Trust(known_keys()))
    assert result.ok, result
    assert result.size == 60
    assert result.unguarded == ()
    client = conftest.begin(app.test_client(), db.session.get(User, 1))
    for url in (
        "/",
        "/board",
        "/engagements",
        "/engagements/1",
        "/papers/1",
        "/agencies",
        "/messages",
    ):
        assert client.get(url).status_code == 200, url
    auditor = conftest.begin(app.test_client(), db.session.get(User, 5))
    assert auditor.get("/log").status_code == 200


def test_the_first_releases_data_live_on(empty):
    upgraded_from(empty, FIRST)


@pytest.mark.nightly
@pytest.mark.parametrize("mark", LATER)
def test_every_releases_data_live_on(empty, mark):
    upgraded_from(empty, mark)


@pytest.mark.nightly
@pytest.mark.database("postgres")
def test_a_waiting_migration_keeps_no_reader_out(empty, monkeypatch):
    """It waits for somebody's long transaction, and others still read and write meanwhile."""
    monkeypatch.setattr(migrating, "PATIENCE", "200ms")
    monkeypatch.setattr(migrating, "PAUSE_SECONDS", 0.05)
    upgrade(revision="0036")
    plain_district.write()
    engine = create_engine(empty.config["DATABASE_URL"])
    with engine.connect() as long:
        long.execute(text("SELECT count(*) FROM guidance_note"))  # 0037 adds columns to it
        other = threading.Thread(target=in_context, args=(empty,))
        other.start()
        slowest = 0.0
        for _n in range(12):
            began = time.monotonic()
            with engine.connect() as quick:
                quick.execute(text("SELECT * FROM guidance_note")).all()
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        assert other.is_alive(), "it did not wait for the long transaction"
        long.rollback()
    other.join(60)
    engine.dispose()
    assert slowest < 2
    assert (
        db.session.scalar(select(text("version_num")).select_from(text("alembic_version")))
        == revisions()[-1]
    )


def in_context(app):
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.mark.database("postgres")
@pytest.mark.nightly
def test_processes_that_start_together_migrate_once(empty):
    env = {
        **os.environ,
        "DATABASE_URL": str(empty.config["DATABASE_URL"]),
        "XINGPING_EMBEDDED": "1",
    }
    env["XINGPING_VAR"] = str(empty.config["XINGPING_VAR"])
    command = [sys.executable, "-c", "from app.cli import main; main()", "migrate"]
    started = [subprocess.Popen(command, env=env, cwd=ROOT) for _n in range(3)]
    assert [one.wait(250) for one in started] == [0, 0, 0]
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == revisions()[-1]


@pytest.mark.database("postgres")
def test_an_index_of_a_large_table_is_built_beside_the_work(empty):
    """A broken-off attempt leaves an invalid index behind; the next one builds it anew."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    engine = create_engine(empty.config["DATABASE_URL"])
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE message (id int, sent int)"))
        connection.execute(text("CREATE INDEX ix_message_sent ON message (id)"))
        connection.commit()
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with context.begin_transaction(_per_migration=True), Operations.context(context):
            migrating.add_index("ix_message_sent", "message", ["sent"])
        connection.rollback()
        found = sqlalchemy.inspect(connection).get_indexes("message")
        assert [index["column_names"] for index in found] == [["sent"]]
    engine.dispose()


# The rules of a migration: the release before this one goes on working while it runs


def steps(path: Path) -> list[ast.Call]:
    """Every call on `op` or on a batch in the part that upgrades."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = [
        node for node in tree.body
        if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade")
    ]  # fmt: skip
    return [
        node for part in parts for node in ast.walk(part)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]  # fmt: skip


GOES = frozenset({"drop_table", "drop_column", "rename_table"})
BOUNDS = frozenset({"create_index", "create_unique_constraint", "create_check_constraint"})
SPOKEN = ("DROP COLUMN", "RENAME", "DROP TABLE", "SET NOT NULL")


def wrongs(path: Path) -> list[str]:
    """What in a migration would stop the release before it, or hold a large table for long."""
    made = {
        ast.literal_eval(step.args[0])
        for step in steps(path)
        if step.func.attr == "create_table" and isinstance(step.args[0], ast.Constant)
    }
    return [ast.unparse(step) for step in steps(path) if is_wrong(step, made)]


def is_wrong(step: ast.Call, made: set[str]) -> bool:
    name, words = step.func.attr, ast.unparse(step)
    if name == "alter_column":
        return "new_column_name" in words or "nullable=False" in words
    if name == "add_column":
        return "nullable=False" in words and "server_default" not in words
    if name in BOUNDS:
        return table_of(step) in migrating.LARGE - made
    if name == "batch_alter_table":  # SQLite writes the table anew
        return ast.literal_eval(step.args[0]) in migrating.LARGE
    return name in GOES or (name == "execute" and any(mark in words for mark in SPOKEN))


def table_of(step: ast.Call) -> str:
    named = step.args[1] if len(step.args) > 1 else None
    return str(named.value) if isinstance(named, ast.Constant) else ""


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("0*.py")), ids=lambda path: path.stem)
def test_a_migration_lets_the_release_before_it_work_on(path):
    """Columns and tables leave one release after nobody names them; large indexes grow beside."""
    if path.stem[:4] > BEFORE_THE_RULES:
        assert wrongs(path) == []


@pytest.mark.database("sqlite")
def test_no_table_that_triggers_guard_is_written_anew(session):
    """SQLite forgets the triggers of a table that a batch rebuilds."""
    guarded = set(
        db.session.scalars(text("SELECT tbl_name FROM sqlite_master WHERE type='trigger'"))
    )
    rebuilt = {
        ast.literal_eval(step.args[0])
        for path in VERSIONS.glob("0*.py")
        if path.stem[:4] > BEFORE_THE_RULES
        for step in steps(path)
        if step.func.attr == "batch_alter_table"
    }
    assert "audit_event" in guarded
    assert rebuilt & guarded == set()


def test_the_rules_find_what_they_forbid(tmp_path):
    bad = tmp_path / "0099_bad.py"
    bad.write_text(
        "def upgrade():\n"
        " op.drop_column('task', 'project')\n"
        " op.rename_table('a', 'b')\n"
        " op.add_column('task', sa.Column('x', sa.Integer(), nullable=False))\n"
        " op.alter_column('task', 'project', new_column_name='y')\n"
        " op.create_index('ix', 'audit_event', ['at'])\n"
        " op.execute('ALTER TABLE task ALTER project SET NOT NULL')\n"
        "def downgrade():\n op.drop_table('task')\n"
    )
    assert len(wrongs(bad)) == 6


def test_large_tables_are_tables(app):
    assert set(Base.metadata.tables) >= migrating.LARGE
