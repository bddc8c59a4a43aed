"""The files around the portal: what they say is what the portal and its tools take."""

import configparser
import json
import re
import shlex
import shutil
import subprocess

import pytest
import sqlalchemy
from click.testing import CliRunner

from app.cli import main
from app.operations.deployment import deployment_files_command, names, text_of
from config import load_config
from tests import servers

UNITS = [name for name in names() if name.endswith((".service", ".timer"))]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_one_and_starts_a_command_that_exists(name):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(text_of(name))
    assert unit["Unit"]["Description"]
    if not name.endswith(".service"):
        return
    started = shlex.split(unit["Service"]["ExecStart"])
    if started[0].endswith("/xingping"):
        command = main.commands[started[1]]
        known = {
            word for option in command.params for word in (*option.opts, *option.secondary_opts)
        }
        assert {word for word in started[2:] if word.startswith("--")} <= known
        assert unit["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_takes_the_units(tmp_path):
    for name in UNITS:
        text = re.sub(r"^Exec(\w*)=\S+", r"Exec\1=/bin/true", text_of(name), flags=re.M)
        (tmp_path / name).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not on this machine")
def test_nginx_takes_its_file(tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
         "-keyout", str(tmp_path / "portal.key"), "-out", str(tmp_path / "portal.crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    ours = text_of("nginx.conf").replace("/etc/xingping/tls", str(tmp_path))
    (tmp_path / "ours.conf").write_text(ours)
    whole = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/ours.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    told = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


def test_the_settings_are_settings():
    lines = [line for line in text_of("settings").splitlines() if line and line[0] != "#"]
    told = dict(line.split("=", 1) for line in lines)
    assert load_config(told)["TRUSTED_PROXIES"] == 1
    with pytest.raises(ValueError, match="SECRET_KEY"):
        load_config({**told, "SECRET_KEY": ""})


@pytest.mark.database("postgres")
def test_postgresql_takes_its_file(postgres_server, request):
    """Every statement, under other names, on a real server."""
    text = text_of("postgresql.sql").replace("xingping", "xptrial")
    statements = re.sub(r"^(--|\\).*$", "", text, flags=re.M).split(";")
    url = sqlalchemy.make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")

    def clean():
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE IF EXISTS xptrial")
            for role in ("xptrial_owner", "xptrial_app"):
                connection.exec_driver_sql(f"DROP ROLE IF EXISTS {role}")
        engine.dispose()

    request.addfinalizer(clean)
    with engine.connect() as connection:
        for statement in filter(str.strip, statements):
            connection.exec_driver_sql(statement)


def test_the_command_takes_the_settings_as_systemd_does(tmp_path):
    """A secret with a space, a dollar or a quote in it is no word of the shell."""
    told = {"NAME": "演示区 财政局", "KEY": "a$HOME`id`'b\\", "QUOTED": "two words", "EMPTY": ""}
    lines = [f"{name}={value}" for name, value in told.items() if name != "QUOTED"]
    settings = tmp_path / "settings"
    settings.write_text("\n".join(["# a note", "", *lines, 'QUOTED="two words"']))
    script = text_of("xingping").replace("/etc/xingping/settings", str(settings))
    runs = script.replace(
        "exec runuser -u xingping -- /opt/xingping/.venv/bin/xingping", "exec env -0"
    )
    found = subprocess.run(["sh", "-c", runs], env={}, capture_output=True, check=True)
    kept = dict(one.split("=", 1) for one in found.stdout.decode().split("\0") if "=" in one)
    assert {name: kept[name] for name in told} == told


def test_nothing_is_replaced(tmp_path):
    runner = CliRunner()
    assert runner.invoke(deployment_files_command, [str(tmp_path)]).exit_code == 0
    (tmp_path / "settings").write_text("mine")
    again = runner.invoke(deployment_files_command, [str(tmp_path)])
    assert "kept" in again.output
    assert (tmp_path / "settings").read_text() == "mine"


def test_passwords_are_drawn_for_each_installation_and_fit_together(tmp_path):
    runner, told = CliRunner(), []
    for number in range(2):
        folder = tmp_path / str(number)
        assert runner.invoke(deployment_files_command, [str(folder)]).exit_code == 0
        told.append({path.name: path.read_text() for path in folder.iterdir()})
        assert not any("change-this" in text for text in told[-1].values())
        open_to_others = {path.name for path in folder.iterdir() if path.stat().st_mode & 0o077}
        assert {"settings", "owner", "postgresql.sql", "s3.json"}.isdisjoint(open_to_others)
    first, second = told
    settings = dict(line.split("=", 1) for line in first["settings"].splitlines() if "=" in line)
    database = sqlalchemy.make_url(settings["DATABASE_URL"]).password
    owner = sqlalchemy.make_url(first["owner"].split("DATABASE_URL=")[1].strip()).password
    (identity,) = json.loads(first["s3.json"])["identities"]
    (credentials,) = identity["credentials"]
    assert f"{credentials['accessKey']}:{credentials['secretKey']}@" in settings["STORAGE_URL"]
    assert f"xingping_app LOGIN PASSWORD '{database}'" in first["postgresql.sql"]
    assert f"xingping_owner LOGIN PASSWORD '{owner}'" in first["postgresql.sql"]
    assert len({database, owner, settings["SECRET_KEY"], credentials["secretKey"]}) == 4
    assert first["settings"] != second["settings"]
    (tmp_path / "1" / "s3.json").unlink()  # a fellow that no longer fits is not drawn by itself
    runner.invoke(deployment_files_command, [str(tmp_path / "1")])
    assert "change-this" in (tmp_path / "1" / "s3.json").read_text()


def test_a_portal_with_a_complaint_of_its_doctor_starts_all_the_same():
    """A scanner that is away, or a job that is late because the portal stood still, is no reason."""
    unit = text_of("xingping.service")
    assert "ExecStartPre=-/" in unit


def test_what_a_unit_hides_from_its_program_that_program_doesnt_need():
    """SeaweedFS talks to itself through sockets in /tmp, which a strict unit makes read-only."""
    for name in UNITS:
        if "ProtectSystem=strict" in text_of(name) and "ExecStart=/usr/local/bin/weed" in text_of(
            name
        ):
            assert "PrivateTmp=yes" in text_of(name)


def test_the_object_store_is_started_as_the_tests_start_it():
    """What the unit asks of the server is what this release was tried with."""
    _before, _word, asking = text_of("seaweedfs.service").partition(" server ")
    asked = set(re.findall(r"(-[\w.]+)=", asking))
    with open(servers.__file__, encoding="utf-8") as file:
        source = file.read()
    assert {word for word in asked if word not in source} == set()
