"""What goes by itself goes only when nobody speaks of it and a day has passed."""

import io
import os
import random
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.custody.models import RetentionLock
from app.db import Base
from app.papers import sweeping
from app.papers.models import Upload
from app.store import object_store
from tests.papers.filing import file_paper, pdf, stored
from tests.papers.test_tus import announce, gathered, send, send_whole

DAY = 24 * 3600


def put(data):
    with object_store().spool(limit=1 << 20) as spool:
        spool.receive(io.BytesIO(data))
        return object_store().put(spool).key


def age(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


def path_of(key):
    sha256 = key[-64:]
    return object_store().inner._blobs / sha256[:2] / sha256[2:4] / sha256


@pytest.fixture(autouse=True)
def empty_store(app, session):
    for key in list(object_store().keys()):
        object_store().discard(key)
    for path in gathered(app):
        path.unlink()


def test_an_orphan_goes_after_a_day_and_nothing_else(session, lead, engagement):
    old, fresh, named = put(b"old orphan"), put(b"fresh orphan"), put(pdf("paper"))
    file_paper(lead, engagement, data=pdf("paper"))
    age(path_of(old), DAY + 60)
    age(path_of(named), 9 * DAY)
    assert sweeping.sweep_orphans() == 1
    assert set(object_store().keys()) == {fresh, named}


@pytest.mark.parametrize("seed", range(3))
def test_exactly_the_old_and_nameless_go(session, lead, engagement, seed):
    """Forty blobs of random ages, some named by a paper or by a lock."""
    chance, expected = random.Random(seed), set()
    for number in range(40):
        data = b"%%PDF-1.4 blob %d of %d" % (number, seed)
        key, seconds = put(data), chance.choice([0, DAY - 60, DAY + 60, 40 * DAY])
        named = chance.choice(["", "", "paper", "lock"])
        if named == "paper":
            file_paper(lead, engagement, f"C-{number + 1:02}", data=data)
        if named == "lock":
            session.add(lock_of(engagement, key))
            session.commit()
        age(path_of(key), seconds)
        if named or seconds < DAY:
            expected.add(key)
    before = set(object_store().keys())
    assert sweeping.sweep_orphans() == len(before - expected)
    assert set(object_store().keys()) == expected
    assert sweeping.sweep_orphans() == 0


def lock_of(engagement, key):
    now = clock.now()
    told = {"until": now, "is_permanent": False, "asked_at": now}
    return RetentionLock(engagement_id=engagement.id, store_key=key, **told)


def test_what_is_named_or_sent_again_at_the_last_moment_stays(session, lead, engagement):
    """Between the list of orphans and the hand that removes them."""
    named, renewed, gone = (put(b"%%PDF-1.4 late %d" % n) for n in range(3))
    for key in (named, renewed, gone):
        age(path_of(key), 9 * DAY)
    orphans = sweeping._orphans(set())
    session.add(lock_of(engagement, named))
    session.commit()
    put(b"%PDF-1.4 late 1")
    assert sweeping._removed(orphans) == 1
    assert set(object_store().keys()) == {named, renewed}
    assert gone in orphans


def test_many_orphans_wait_for_a_person(session):
    """As where a portal is shown another one's store, or a database of last week."""
    keys = [put(b"orphan %d" % n) for n in range(sweeping.FEW + 1)]
    for key in keys:
        age(path_of(key), 9 * DAY)
    assert sweeping.sweep_by_itself() == 0
    object_store().discard(keys.pop())
    assert sweeping.sweep_by_itself() == len(keys)
    assert list(object_store().keys()) == []


def test_what_waits_to_become_a_paper_is_no_orphan(session, sign_in, lead, engagement):
    send_whole(sign_in(lead), engagement, pdf("waits"))
    upload = session.scalars(select(Upload)).one()
    age(path_of(upload.store_key), 9 * DAY)
    assert sweeping.sweep_orphans() == 0
    assert object_store().exists(upload.store_key)


def test_bytes_that_are_sent_again_are_fresh_again(session):
    key = put(b"old orphan")
    age(path_of(key), 9 * DAY)
    put(b"old orphan")
    assert sweeping.sweep_orphans() == 0


def test_every_table_that_keeps_a_blob_is_asked():
    assert {"paper_version", "upload"} <= {table.name for table in sweeping.tables()}
    assert stored().key.startswith("sha256/")


def test_only_columns_of_this_name_keep_blobs():
    """A key under another name would be swept away after a day."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            assert "blob" not in column.name, column
            assert not column.name.endswith("_key") or column.name == sweeping.NAMED_IN, column


def test_an_upload_that_paused_too_long_goes_with_its_bytes(
    app, session, sign_in, lead, engagement
):
    client = sign_in(lead)
    for _turn in range(2):
        address = announce(client, engagement, 100).headers["Location"]
        send(client, address, 0, b"abc")
    expired = session.get(Upload, address.rpartition("/")[2])
    expired.expires_at = clock.now() - timedelta(seconds=1)
    session.flush()
    for path in gathered(app):
        age(path, 2 * 3600)
    assert sweeping.sweep_uploads() == 1
    assert len(gathered(app)) == 1
    assert len(session.scalars(select(Upload)).all()) == 1


def test_spools_of_killed_processes_go_after_a_day(app, session):
    folder = object_store().spool(limit=0).folder
    folder.mkdir(exist_ok=True)
    old, fresh = folder / "xingping-a.spool", folder / "xingping-b.spool"
    for path in (old, fresh):
        path.write_bytes(b"x")
    age(old, DAY + 60)
    assert sweeping.sweep_uploads() == 1
    assert fresh.exists()
    fresh.unlink()
