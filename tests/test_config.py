"""Every setting is read once, typed, and named when it is wrong."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from config import ROOT, SETTINGS, BadSetting, MissingSetting, load_config

KEY = "k" * 32
PRODUCTION = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://xingping@db/xingping",
    "STORAGE_URL": "s3://store/papers",
}


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("given", [None, ""])
def test_a_missing_setting_stops_the_start_with_its_name(name, given):
    env = {**PRODUCTION, name: given} if given is not None else PRODUCTION.copy()
    if given is None:
        del env[name]
    with pytest.raises(MissingSetting, match=name):
        load_config(env)


def test_production_needs_three_settings_and_writes_nothing(tmp_path):
    config = load_config({**PRODUCTION, "XINGPING_VAR": str(tmp_path / "var")})
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://xingping@db/xingping"
    assert config["STORAGE_URL"] == "s3://store/papers"
    assert not (tmp_path / "var").exists()


def test_everything_lies_under_var_of_the_project_by_default():
    config = load_config(PRODUCTION)
    assert config["XINGPING_VAR"] == ROOT / "var"
    assert config["AUDIT_KEY_FILE"] == ROOT / "var" / "keys" / "audit_key"


def test_embedded_needs_nothing_and_keeps_its_key(tmp_path):
    env = {"XINGPING_EMBEDDED": "1", "XINGPING_VAR": str(tmp_path / "var")}
    first, second = load_config(env), load_config(env)
    kept = tmp_path / "var" / "keys" / "secret_key"
    assert first == second
    assert first["SECRET_KEY"] == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert first["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/var/xingping.db"
    assert first["STORAGE_URL"] == f"file://{tmp_path}/var/store"


def test_embedded_takes_what_is_given(tmp_path):
    env = {**PRODUCTION, "XINGPING_EMBEDDED": "1", "XINGPING_VAR": str(tmp_path)}
    assert load_config(env)["SECRET_KEY"] == KEY
    assert not (tmp_path / "keys").exists()


def test_workers_that_start_together_share_one_key(tmp_path):
    env = {"XINGPING_EMBEDDED": "1", "XINGPING_VAR": str(tmp_path)}
    with ThreadPoolExecutor(16) as pool:
        keys = {str(c["SECRET_KEY"]) for c in pool.map(load_config, [env] * 64)}
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://root@db/x"),
        ("STORAGE_URL", "papers"),
        ("MAX_UPLOAD_BYTES", "200MB"),
        ("MAX_UPLOAD_BYTES", "0"),
        ("MAX_UPLOAD_BYTES", "-1"),
        ("MAX_UPLOAD_BYTES", "\N{FULLWIDTH DIGIT ONE}00"),
        ("MAX_UPLOAD_BYTES", "1024"),
        ("PASSWORD_MIN_LENGTH", "4"),
        ("XINGPING_HTTPS", "maybe"),
        ("SEAL_EVERY_SECONDS", "nan"),
        ("SEAL_EVERY_SECONDS", "soon"),
        ("RANKING_MIN_RELIABILITY", "1.1"),
        ("AUDIT_ORIGIN", "my log"),
        ("SESSION_IDLE_MINUTES", "1000"),
        ("ARGON2_MEMORY_KIB", "16"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(BadSetting, match=name):
        load_config({**PRODUCTION, name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "STORAGE_URL"])
def test_a_message_never_repeats_a_secret(name):
    with pytest.raises(BadSetting) as caught:
        load_config({**PRODUCTION, name: "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_the_driver_is_named(given, meant):
    assert load_config({**PRODUCTION, "DATABASE_URL": given})["DATABASE_URL"] == meant


def test_cookies_follow_https():
    plain, https = load_config(PRODUCTION), load_config({**PRODUCTION, "XINGPING_HTTPS": "1"})
    assert (plain["SESSION_COOKIE_SECURE"], https["SESSION_COOKIE_SECURE"]) == (False, True)
    assert https["SESSION_COOKIE_HTTPONLY"] is True
    assert https["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert https["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=12)


def test_values_are_typed():
    config = load_config({**PRODUCTION, "JOBS": "off", "RANKING_PRIOR_WEIGHT": "2.5"})
    assert config["JOBS"] is False
    assert config["RANKING_PRIOR_WEIGHT"] == 2.5
    assert config["MAX_UPLOAD_BYTES"] == 200 * 1024 * 1024
    assert config["MAX_CONTENT_LENGTH"] == 33 * 1024 * 1024
    assert config["PDF_FONT_FILE"] is None
    assert load_config({**PRODUCTION, "PDF_FONT_FILE": "/f.otf"})["PDF_FONT_FILE"] == Path("/f.otf")


def test_the_table_is_complete():
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names))
    assert all(setting.meaning for setting in SETTINGS)
    assert set(names) <= set(load_config(PRODUCTION))
    required = {s.name for s in SETTINGS if s.default is None}
    assert required == set(PRODUCTION)
    assert all(s.embedded for s in SETTINGS if s.default is None)
