"""Rot, loss and strangers are found; a district moves from store to store, verified."""

import io
import json
import os
import time

import pytest
from click.testing import CliRunner

from app.audit.models import AuditEvent
from app.cli import main
from app.db import db
from app.notifications.models import Message
from app.papers import holdings
from app.papers.holdings import Fate
from app.policy import Role
from app.store import object_store
from storage import open_store
from tests import servers
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
    return object_store()._blobs / sha256[:2] / sha256[2:4] / sha256


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
    admin = UserFactory(role=Role.SYSTEM_ADMIN)
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
    assert db.session.query(Message).filter_by(kind="store_alarm").one().user_id == admin.id
    assert kept[0] in CliRunner().invoke(main, ["store", "check"]).output


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
    begun = holdings.copy(object_store(), target, sorted(kept))
    assert next(begun)[1] is Fate.COPIED  # then somebody stopped it
    run = CliRunner().invoke(main, ["store", "copy", "--to", url])
    assert (run.exit_code, run.output) == (0, "1 there already, 2 copied\n")
    for key in kept:
        target.check(key)
    assert CliRunner().invoke(main, ["store", "copy", "--to", url]).output == "3 there already\n"


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


@pytest.mark.database("sqlite")
def test_a_district_moves_to_a_bucket_and_back(kept, tmp_path, tmp_path_factory):
    with servers.seaweedfs(tmp_path_factory.mktemp("weed")) as server:
        run = CliRunner().invoke(main, ["store", "copy", "--to", server.url])
        assert (run.exit_code, run.output) == (0, "3 copied\n")
        bucket, back = open_store(server.url), open_store(f"file://{tmp_path}/back")
        assert sorted(bucket.keys()) == sorted(kept)
        fates = [fate for _key, fate in holdings.copy(bucket, back, kept)]
        assert fates == [Fate.COPIED] * 3
