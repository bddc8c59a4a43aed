"""`xingping audit …`: what it prints, and that it exits 0 only on good news."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.audit import commands
from app.db import db, transaction
from tests.audit.log import seal, unguard, write


@pytest.fixture
def run(district):
    def call(*arguments):
        db.session.rollback()
        return CliRunner().invoke(commands.audit_commands, [str(a) for a in arguments])

    return call


@pytest.fixture
def log(district):
    for number in (3, 4):
        with transaction():
            write(number)
        seal()
    return district


def told(result):
    assert "Traceback" not in result.output
    return json.loads(result.output)


def test_a_whole_log(log, run):
    result = run("verify", "--json")
    assert result.exit_code == 0
    body = told(result)
    assert (body["ok"], body["table"], body["first_bad"], body["size"]) == (
        True,
        "audit_event",
        None,
        7,
    )
    assert run("verify").output.startswith("Whole: 7 sealed entries, 2 checkpoints")


@pytest.mark.owner
def test_a_bad_entry_is_named(log, run):
    unguard()
    with transaction():
        db.session.execute(text("UPDATE audit_event SET canonical = '{}' WHERE id = 5"))
    result = run("verify", "--json")
    assert result.exit_code == 1
    body = told(result)
    assert (body["ok"], body["table"], body["first_bad"]) == (False, "audit_event", 5)
    assert run("verify").output.startswith("NOT whole: audit_event 5: ")


def test_from_the_log_to_an_anchored_export(log, run, tmp_path):
    anchor, export = tmp_path / "anchor.txt", tmp_path / "log.jsonl.gz"
    anchor.write_text(run("checkpoint").output)
    assert run("export", export).exit_code == 0
    good = run("verify", "--export", export, "--anchor", anchor, "--json")
    assert (good.exit_code, told(good)["size"]) == (0, 7)
    anchor.write_bytes(anchor.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert run("verify", "--anchor", anchor).exit_code == 0
    key = tmp_path / "key"
    from app.audit.keys import seal_signer

    key.write_text(seal_signer().verifier.words())
    pem = log.config["AUDIT_KEY_FILE"].with_suffix(".pub")
    for one in (key, pem):
        assert run("verify", "--export", export, "--key", one).exit_code == 0
        assert run("verify", "--key", one, "--anchor", anchor).exit_code == 0
    assert run("seal").output == "1 entries sealed.\n"  # the export is an entry itself


def test_the_export_needs_no_portal(log, run, tmp_path, monkeypatch):
    export = tmp_path / "log.jsonl"
    run("export", export)
    monkeypatch.setattr(commands, "has_app_context", lambda: False)
    assert run("verify", "--export", export).exit_code == 0
    assert told(run("verify", "--json"))["reason"].startswith("verification could not be done")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--export", "/nowhere/at/all"], ["--anchor", "/nowhere/at/all"], ["--key", "/nowhere"],
        ["--anchor", "/etc/hostname"], ["--key", "/etc/hostname"], ["--export", "/etc/hostname"],
        ["--export", "/etc/hostname", "--key", "/etc/hostname"],
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_bad_news_without_a_trace(log, run, arguments):
    result = run("verify", "--json", *arguments)
    assert result.exit_code == 1
    assert told(result)["ok"] is False


@pytest.mark.owner
def test_a_database_without_a_log_is_bad_news(log, run):
    unguard()
    with transaction():
        db.session.execute(text("DROP TABLE audit_leaf"))
    result = run("verify", "--json")
    assert (result.exit_code, told(result)["ok"]) == (1, False)


@pytest.mark.owner
def test_seal_tells_damage(log, run):
    unguard()
    with transaction():
        db.session.execute(text("DELETE FROM audit_leaf WHERE seq = 6"))
    result = run("seal")
    assert result.exit_code == 1
    assert "nothing was sealed" in result.output


def test_seal_waits_for_an_open_transaction_and_then_says_so(log, run, monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE_SECONDS", 0.3)
    if db.engine.dialect.name == "sqlite":
        return  # one writer at a time: there is nobody to wait for
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_current_xact_id()"))
        with transaction():
            write(1)
        result = run("seal")
        assert result.exit_code == 1
        assert "still open" in result.output
    assert run("seal").output == "1 entries sealed.\n"


def test_no_checkpoint_and_no_place_for_the_file(district, run):
    assert run("checkpoint").exit_code == 1
    assert run("export", "/nowhere/at/all").exit_code == 1
    assert run("seal").output == "0 entries sealed.\n"
    assert run("verify").exit_code == 0
