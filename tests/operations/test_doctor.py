"""The doctor on a sound machine and on broken ones: each fault has its line and its mend."""

import json
import os
import socket
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from app import cli, clock
from app.audit.checking import Trust
from app.audit.keys import known_keys
from app.audit.verifying import verify
from app.blobs import destroying
from app.db import db, transaction
from app.operations import doctor
from app.operations.findings import State, examined
from app.papers.models import PaperVersion
from app.personal import services
from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept
from tests.servers import free_port


def told(app, part):
    return [one for one in doctor.examine(app) if one.part == part]


def worst(app, part):
    order = [State.GOOD, State.WATCH, State.BAD]
    return max((one.state for one in told(app, part)), key=order.index)


def seal(app):
    from app.audit import sealing

    with transaction():
        sealing.seal(thorough=True)


def test_a_sound_machine_has_nothing_bad_and_every_note_has_its_mend(district):
    seal(district)
    found = doctor.examine(district)
    assert {one.part for one in found} >= set(doctor.CHECKS)
    assert [one for one in found if one.state is State.BAD] == []
    assert all(one.mend for one in found if one.state is not State.GOOD)


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_full_disk(district, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("app.operations.machine_checks.shutil.disk_usage", lambda _path: usage)
    assert worst(district, "disk") is State.BAD


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_key_that_others_read(district):
    seal(district)
    path = Path(district.config["AUDIT_KEY_FILE"])
    path.chmod(0o644)
    line = next(one for one in told(district, "keys") if one.state is State.BAD)
    assert line.mend == f"chmod 600 {path}"


@pytest.mark.owner
def test_an_older_schema(district):
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    assert told(district, "schema")[0].mend == "xingping migrate"


@pytest.mark.database("sqlite")
def test_a_guard_that_was_switched_off(district):
    with transaction():
        db.session.execute(text("DROP TRIGGER audit_event_refuses_delete"))
    assert "audit_event_refuses_delete" in told(district, "guards")[0].told


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_database_that_is_away_is_told_and_hides_nothing_else(make_district):
    gone = make_district(
        SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://x@127.0.0.1:{free_port()}/x"
    )
    assert worst(gone, "database") is State.BAD
    assert worst(gone, "store") is State.GOOD


def test_a_sealer_that_stands_still(district):
    from app import audit

    with clock.frozen(clock.now() - timedelta(minutes=5)), transaction():
        audit.record(audit.PORTAL, audit.Event.SIGNED_IN, "user_account:1")
    assert worst(district, "seals") is State.BAD


def test_a_clock_that_went_back(district):
    from app import audit

    with clock.frozen(clock.now() + timedelta(hours=1)), transaction():
        audit.record(audit.PORTAL, audit.Event.SIGNED_IN, "user_account:1")
    assert "future" in told(district, "clock")[0].told


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_store_that_is_away(make_district, tmp_path):
    port = free_port()
    away = make_district(STORAGE_URL=f"s3+http://a:b@127.0.0.1:{port}/papers")
    assert worst(away, "store") is State.BAD


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_scanner_that_is_away_and_one_that_answers(district, tmp_path):
    place = tmp_path / "clamd"
    district.config["CLAMD_SOCKET"] = str(place)
    assert worst(district, "scanner") is State.BAD
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()

        def answer():
            line, _from = server.accept()
            with line:
                line.recv(64)
                line.sendall(b"PONG\0")

        thread = threading.Thread(target=answer)
        thread.start()
        assert worst(district, "scanner") is State.GOOD
        thread.join()


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_mail_server_that_is_away(district):
    district.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    assert worst(district, "mail") is State.BAD


@pytest.mark.database("sqlite")  # the database has no part in it
def test_no_font_and_no_pango(district, monkeypatch):
    monkeypatch.setattr("app.pdf._loads", lambda _name: False)
    district.config["PDF_FONT_FILE"] = Path("/nowhere.ttc")
    lines = [one for one in told(district, "pdf") if one.state is State.BAD]
    assert len(lines) == 3
    assert all("apt-get" in one.mend for one in lines)


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_year_without_its_holidays(district):
    with clock.frozen(clock.now() + timedelta(days=3 * 366)):
        assert worst(district, "holidays") is State.WATCH


@pytest.mark.database("sqlite")  # the database has no part in it
def test_the_command_exits_badly_only_on_bad_news(district, monkeypatch):
    seal(district)
    runner = CliRunner()
    good = runner.invoke(doctor.doctor_command, ["--json"], obj=lambda: district)
    assert good.exit_code == 0, good.output
    assert {one["state"] for one in json.loads(good.output)} <= {"good", "watch"}
    os.chmod(district.config["AUDIT_KEY_FILE"], 0o666)
    broken = runner.invoke(doctor.doctor_command, [], obj=lambda: district)
    assert broken.exit_code == 1
    assert "BAD  keys" in broken.output


@pytest.mark.database("sqlite")  # the database has no part in it
def test_keys_that_are_gone_or_others_are_missed_before_they_are_replaced(district, monkeypatch):
    with transaction():
        services.save_own_data(UserFactory(role=Role.UNIT_OFFICER), "", "13800001234")
    seal(district)
    assert worst(district, "sealed") is State.GOOD
    for setting in ("AUDIT_KEY_FILE", "PERSONAL_KEY_FILE"):
        path = Path(district.config[setting])
        kept = path.read_bytes()
        path.write_bytes(b"rubbish")
        assert worst(district, "keys") is State.BAD
        path.unlink()
        assert any(str(path) in one.told for one in told(district, "sealed")), setting
        assert not path.exists(), "the doctor makes no key"
        path.write_bytes(kept)
        path.chmod(0o600)
    Path(district.config["PERSONAL_KEY_FILE"]).unlink()
    monkeypatch.setattr("app.cli.portal", lambda: district)
    refused = CliRunner().invoke(cli.worker, [])
    assert refused.exit_code == 1
    assert "lacks a key" in refused.output


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_log_whose_key_was_lost_for_good_goes_on_and_stays_verifiable(district):
    seal(district)
    Path(district.config["AUDIT_KEY_FILE"]).unlink()
    with transaction():
        UserFactory()
    seal(district)
    result = verify(db.engine, Trust(known_keys()))
    assert result.ok, result
    assert len(known_keys()) == 2


@pytest.mark.database("sqlite")  # the database has no part in it
def test_a_store_that_lost_its_papers_answers_and_is_found_all_the_same(district):
    engagement = make_engagement()
    file_kept(crew_of(engagement)[0], engagement, "A-1", "演示底稿", b"%PDF-1.4 x", "演示.pdf")
    assert worst(district, "store") is State.GOOD
    for path in (Path(district.config["XINGPING_VAR"]) / "store" / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert "1 of the 1 newest papers" in told(district, "store")[0].told
    db.session.rollback()
    with transaction():  # what was destroyed by rule is not there either, and nothing is wrong
        destroying.destroy_all([db.session.scalar(select(PaperVersion.sha256))])
    assert worst(district, "store") is State.GOOD


@pytest.mark.database("sqlite")  # the database has no part in it
@pytest.mark.parametrize(
    ("part", "settings"),
    [
        ("queue", {"QUEUE_URL": "redis://127.0.0.1:1"}),
        ("mail", {"SMTP_URL": "smtp://127.0.0.1:abc"}),
        ("seal service", {"ESEAL_URL": "https://127.0.0.1:1", "ESEAL_TOKEN_FILE": "/nowhere"}),
        ("certificate", {"PDF_CERTIFICATE_FILE": "/nowhere"}),
        ("pdf", {"SOFFICE_FILE": "/nowhere/soffice"}),
        ("pdf", {"OFD_CONVERTER": "/nowhere/ofd"}),
        ("pdf", {"PDF_FONT_FILE": Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")}),
        ("traces", {"TRACES_URL": "nonsense"}),
    ],
)
def test_a_setting_that_names_nothing_is_told_with_its_mend(
    app, session, monkeypatch, part, settings
):
    if not settings.get("PDF_FONT_FILE", Path("/")).exists():
        pytest.skip("this machine has no font without Chinese")
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    monkeypatch.delitem(app.extensions, "queue", raising=False)
    check, mend = doctor.PARTS[part]
    wrong = [one for one in examined(part, check, mend) if one.state is State.BAD]
    app.extensions.pop("queue", None)
    assert len(wrong) == 1
    assert wrong[0].mend
    assert "\n" not in wrong[0].told


@pytest.mark.parametrize(
    "settings",
    [
        {"STORAGE_URL": "ftp://x/y"},
        {"STORAGE_LOCK": "1"},
        {"XINGPING_VAR": "/proc/nowhere"},
        {"TOTP_ROLES": "chef"},
    ],
)
def test_a_setting_that_stops_the_start_is_one_line(monkeypatch, tmp_path, settings):
    monkeypatch.setenv("XINGPING_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("XINGPING_EMBEDDED", "1")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    refused = CliRunner().invoke(cli.main, ["doctor"])
    assert (refused.exit_code, refused.exception.__class__) == (1, SystemExit)
    assert refused.output.startswith("Error: ")
    assert refused.output.count("\n") == 1
