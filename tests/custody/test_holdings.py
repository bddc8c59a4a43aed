"""Rot, loss and strangers are found; a district moves from store to store, verified."""

import io
import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from app import clock
from app.audit.models import AuditEvent
from app.cli import main
from app.custody import alarms, copying, holdings
from app.custody.copying import Fate
from app.custody.models import StoreCheck, Wrong
from app.db import db
from app.notifications.models import Message
from app.notifications.queries import holders_of
from app.policy import Role
from app.store import object_store
from storage import open_store
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept, pdf


@pytest.fixture
def kept(district):
    engagement = make_engagement()
    lead, _member, _officer = crew_of(engagement)
    papers = [
        file_kept(lead, engagement, f"B-0{n}", "方案", pdf(f"plan {n}"), "方案.pdf")
        for n in (1, 2, 3)
    ]
    return [paper.versions[0].store_key for paper in papers]


def path_of(key):
    sha256 = key[-64:]
    return object_store().inner._blobs / sha256[:2] / sha256[2:4] / sha256


def spoil(key, data=b"rotten"):
    path_of(key).chmod(0o644)
    path_of(key).write_bytes(data)


def stranger(age):
    with object_store().spool(limit=100) as spool:
        spool.receive(io.BytesIO(b"nobody knows me"))
        key = object_store().put(spool).key
    then = time.time() - age
    os.utime(path_of(key), (then, then))
    return key


def test_a_sound_store_is_all_right(kept):
    found = holdings.check_all(object_store())
    assert (found.ok, found.checked) == (True, 3)


def test_rot_loss_and_strangers_are_named_and_told(kept):
    told_to = {UserFactory(role=role).id for role in alarms.TOLD}
    told_to |= set(holders_of(*alarms.TOLD))
    spoil(kept[0])
    object_store().discard(kept[1])
    old, fresh = stranger(2 * 86400), b""
    run = CliRunner().invoke(main, ["store", "check", "--json"])
    told = json.loads(run.output)
    assert run.exit_code == 1
    assert (told["rotten"], told["lost"], told["strangers"]) == ([kept[0]], [kept[1]], [old])
    assert fresh not in told["strangers"]
    event = db.session.query(AuditEvent).filter_by(event="store.checked").one()
    assert '"lost":1' in event.canonical
    assert {one.user_id for one in messages("store_alarm")} == told_to
    assert len(messages("store_alarm")) == len(told_to)
    alarm = db.session.query(AuditEvent).filter_by(event="store.alarmed").one()
    assert all(key in alarm.canonical for key in (kept[0], kept[1], old))
    assert kept[0] in CliRunner().invoke(main, ["store", "check"]).output
    holdings.record_check(holdings.check_all(object_store()), is_full=True)
    assert len(messages("store_alarm")) == len(told_to), "each is told once"


def messages(kind):
    return db.session.query(Message).filter_by(kind=kind).all()


def test_what_was_put_right_is_settled_and_told_anew_when_it_comes_back(kept):
    UserFactory(role=Role.AUDIT_ADMIN)
    good = path_of(kept[0]).read_bytes()
    look = lambda: holdings.record_check(holdings.check_all(object_store()), is_full=True)  # noqa: E731 - said thrice
    spoil(kept[0])
    look()
    [alarm] = alarms.open_alarms()
    assert (alarm.wrong, alarm.name) == (Wrong.ROTTEN, kept[0])
    first = len(messages("store_alarm"))
    spoil(kept[0], good)
    look()
    assert alarms.open_alarms() == []
    spoil(kept[0])
    look()
    assert len(messages("store_alarm")) == 2 * first


def test_a_sample_settles_only_what_it_read(kept):
    lost = object_store().open(kept[1]).read()
    object_store().discard(kept[1])
    holdings.record_check(holdings.check_all(object_store()), is_full=True)
    holdings.record_check(holdings.Check(checked=1, sound=[kept[0]]))
    assert [one.name for one in alarms.open_alarms()] == [kept[1]]
    with object_store().spool(limit=1 << 20) as spool:
        spool.receive(io.BytesIO(lost))
        object_store().put(spool)
    holdings.record_check(holdings.check_sample(object_store(), 3, 1 << 30))
    assert alarms.open_alarms() == []


def test_a_nightly_look_is_due_at_night_and_after_long(monkeypatch):
    noon, night = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (4, 18))
    for now, age, due in (
        (noon, 13, False), (noon, 31, True), (night, 11, False), (night, 13, True),
    ):  # fmt: skip
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert holdings.is_due(now - timedelta(hours=age)) is due, (now, age)
    assert holdings.is_due(None)


@pytest.mark.owner
def test_the_night_compares_all_and_reads_all_where_it_is_set(kept, district):
    spoil(kept[0])
    assert holdings.compare_nightly()
    assert alarms.open_alarms() == [], "comparing lists reads no byte"
    assert not holdings.compare_nightly(), "once a night"
    db.session.query(StoreCheck).delete()
    db.session.commit()
    district.config["STORE_READ_NIGHTLY"] = True
    assert holdings.compare_nightly()
    assert [one.wrong for one in alarms.open_alarms()] == [Wrong.ROTTEN]


def test_what_arrived_today_is_no_stranger(kept):
    stranger(3600)
    assert holdings.check_all(object_store()).ok


def test_a_sample_reads_at_least_one_and_stops_at_its_bytes(kept):
    assert holdings.check_sample(object_store(), 2, 1 << 30).checked == 2
    assert holdings.check_sample(object_store(), 9, 1).checked == 1
    run = CliRunner().invoke(main, ["store", "check", "--sample", "2"])
    assert (run.exit_code, "2 blobs" in run.output) == (0, True)
    holdings.check_hourly()
    assert db.session.query(AuditEvent).filter_by(event="store.checked").count() == 2


def test_sweep_takes_old_orphans_only(kept):
    old = stranger(2 * 86400)
    run = CliRunner().invoke(main, ["store", "sweep"])
    assert run.output == "1 orphans were removed.\n"
    assert not object_store().exists(old)
    assert all(object_store().exists(key) for key in kept)


def test_copy_is_verified_and_goes_on_where_it_stopped(kept, tmp_path):
    url = f"file://{tmp_path}/moved"
    target = open_store(url)
    begun = copying.copy(object_store(), target, sorted(kept))
    assert next(begun)[1] is Fate.COPIED  # then somebody stopped it
    run = CliRunner().invoke(main, ["store", "copy", "--to", url])
    assert (run.exit_code, run.output) == (0, "1 there already, 2 copied\n")
    for key in kept:
        target.check(key)
    assert CliRunner().invoke(main, ["store", "copy", "--to", url]).output == "3 there already\n"
    there = tmp_path / "moved" / path_of(kept[1]).relative_to(path_of(kept[1]).parents[3])
    there.chmod(0o644)
    there.write_bytes(bytes(there.stat().st_size))  # as long as it was
    run = CliRunner().invoke(main, ["store", "copy", "--to", url])
    assert run.exit_code == 1
    assert f"damaged there  {kept[1]}" in run.output
    quick = CliRunner().invoke(main, ["store", "copy", "--quick", "--to", url])
    assert (quick.exit_code, quick.output) == (0, "3 there already\n")


def test_copy_names_what_is_rotten_or_lost(kept, tmp_path):
    spoil(kept[0])
    object_store().discard(kept[1])
    run = CliRunner().invoke(main, ["store", "copy", "--to", f"file://{tmp_path}/moved"])
    assert run.exit_code == 1
    assert f"damaged  {kept[0]}" in run.output
    assert f"lost  {kept[1]}" in run.output
    assert not open_store(f"file://{tmp_path}/moved").exists(kept[0])


def test_copy_refuses_a_wrong_address_and_its_own(kept, district):
    for url in ("ftp://x/y", str(district.config["STORAGE_URL"])):
        assert CliRunner().invoke(main, ["store", "copy", "--to", url]).exit_code == 1


def test_a_database_without_tables_is_told_in_one_line(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = {"XINGPING_VAR": str(tmp_path), "XINGPING_EMBEDDED": "1", "JOBS": "0"}
    run = CliRunner().invoke(main, ["store", "check"], env=settings)
    assert (run.exit_code, type(run.exception)) == (1, SystemExit)
    assert run.output.startswith("Error: the database: no such table")
    assert len(run.output.splitlines()) == 1
