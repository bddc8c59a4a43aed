"""Archived papers are locked to the end of their class, and the store itself refuses to part."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from minio.error import S3Error
from sqlalchemy import select

from app.archiving.models import Retention, RetentionRule
from app.audit.models import AuditEvent
from app.custody import alarms, holdings, locking
from app.custody.models import LegalHold, RetentionLock, Wrong
from app.custody.services import ask_hold, ask_release, confirm_hold, release_hold
from app.db import db, transaction
from app.papers.models import IndexClass
from app.policy import Role
from app.store import locked_store, object_store
from storage import StoreError
from storage.cipher import is_sealed
from tests.custody.conftest import make_archived, paper_bytes
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept


def locks():
    return db.session.scalars(select(RetentionLock).order_by(RetentionLock.id)).all()


def events(name):
    return db.session.scalars(select(AuditEvent).where(AuditEvent.event == name)).all()


@pytest.mark.parametrize(
    ("kind", "year"),
    [
        (Retention.TEN_YEARS, 2037),
        (Retention.FIFTEEN_YEARS, 2042),
        (Retention.THIRTY_YEARS, 2057),
        (Retention.PERMANENT, 2126),
    ],
)
def test_a_class_counts_from_the_year_after(kind, year):
    late = datetime(2026, 12, 31, 15, tzinfo=UTC)  # 23:00 in Shanghai
    assert locking.end_of(kind, late) == datetime(year - 1, 12, 31, 16, tzinfo=UTC)
    assert locking.end_of(kind, late + timedelta(hours=2)).year == year + 1


def test_the_store_refuses_to_delete_an_archived_paper(vault, s3_server):
    _engagement, _officer, [version, forever] = make_archived(vault, "C-01", "H-01")
    assert [one.applied_until for one in locks()] == [None, None]
    assert locking.apply_locks() == 2
    assert locking.apply_locks() == 0
    lock, for_ever = locks()
    bucket = locked_store()
    client, name = s3_server.client(), "locked"
    with pytest.raises(S3Error, match="AccessDenied"):
        client.remove_object(name, version.store_key, version_id=lock.version)
    with pytest.raises(StoreError):
        object_store().discard(version.store_key)
    with object_store().open(version.store_key) as reader:
        assert reader.read().startswith(b"%PDF")
    told = bucket.lock_of(version.store_key)
    assert (told.mode, told.until, told.version) == ("COMPLIANCE", lock.until, lock.version)
    assert lock.applied_until == lock.until
    rules = dict(
        db.session.execute(select(RetentionRule.index_class, RetentionRule.retention)).all()
    )
    assert lock.until == locking.end_of(rules[IndexClass.C], datetime.now(UTC))
    if rules[IndexClass.H] is Retention.PERMANENT:
        assert bucket.lock_of(forever.store_key).is_held
        assert for_ever.is_held
    assert '"files":2' in events("archive.locked")[0].canonical


@pytest.mark.database("sqlite")
def test_overwriting_keeps_the_archived_version_and_is_noticed(vault, s3_server):
    _engagement, _officer, [version] = make_archived(vault, "C-01")
    locking.apply_locks()
    [lock] = locks()
    assert holdings.check_all(object_store()).ok
    s3_server.client().put_object("locked", version.store_key, io.BytesIO(b"another"), 7)
    kept = locked_store().read(version.store_key, lock.version)
    assert is_sealed(kept)
    found = holdings.compare(object_store())
    assert found.tampered == [(Wrong.OVERWRITTEN, version.store_key)]
    holdings.record_check(found, is_full=True)
    holdings.record_check(holdings.compare(object_store()), is_full=True)
    assert len(events("store.alarmed")) == 1


@pytest.mark.database("sqlite")
def test_a_deletion_behind_the_portals_back_is_noticed_whatever_is_deleted(vault, s3_server):
    engagement, _officer, [archived] = make_archived(vault, "C-01")
    locking.apply_locks()
    other = make_engagement()
    lead = crew_of(other)[0]
    hidden, gone = (
        file_kept(lead, other, no, "底稿", paper_bytes(), "底稿.pdf").versions[0].store_key
        for no in ("C-01", "C-02")
    )
    client, bucket = s3_server.client(), locked_store()
    for key in (archived.store_key, hidden):
        client.remove_object("locked", key)  # leaves a marker upon it
    bucket.remove_version(gone, bucket.lock_of(gone).version)
    found = holdings.check_all(object_store())
    assert found.tampered == sorted([(Wrong.HIDDEN, archived.store_key), (Wrong.HIDDEN, hidden)])
    assert found.lost == [gone]
    holdings.record_check(found, is_full=True)
    assert len(alarms.open_alarms()) == 3


@pytest.mark.database("sqlite")
def test_an_archived_version_that_the_operator_could_remove_is_missed(vault):
    """Object Lock does not bind who runs the server: the rows remember the version."""
    _engagement, _officer, [version] = make_archived(vault, "C-01")
    locking.apply_locks()
    [lock] = locks()
    with transaction():
        db.session.get(RetentionLock, lock.id).version = "0" * 32
    found = holdings.compare(object_store())
    assert (Wrong.MISSING, version.store_key) in found.tampered


@pytest.mark.database("sqlite")
def test_a_lock_that_was_taken_back_is_noticed(vault):
    _engagement, _officer, [version] = make_archived(vault, "C-01")
    locking.apply_locks()
    [lock] = locks()
    with transaction():  # as if the store had told of a longer one
        row = db.session.get(RetentionLock, lock.id)
        row.applied_until += timedelta(days=400)
    assert holdings.compare(object_store()).tampered == [(Wrong.UNLOCKED, version.store_key)]


def test_a_legal_hold_is_set_and_taken_off_by_two_people(vault):
    engagement, officer, [version] = make_archived(vault, "C-01")
    with transaction():
        db.session.query(RetentionLock).update({"is_permanent": False})
    locking.apply_locks()
    bucket, leader = locked_store(), UserFactory(role=Role.LEADER)
    with transaction():
        hold = ask_hold(officer, engagement, "审计署演示审计")
    assert locking.apply_locks() == 0
    with transaction():
        confirm_hold(leader, hold)
    assert locking.apply_locks() == 1
    assert bucket.lock_of(version.store_key).is_held
    with transaction():
        ask_release(officer, db.session.get(LegalHold, hold.id), "审计结束")
    with transaction():
        release_hold(leader, db.session.get(LegalHold, hold.id))
    assert locking.apply_locks() == 1
    told = bucket.lock_of(version.store_key)
    assert not told.is_held
    assert told.binds, "the retention goes on"


def test_two_engagements_may_share_a_file(vault):
    first, _officer, [version] = make_archived(vault, "C-01")
    second, *_rest = make_archived(vault, "D-01")
    with transaction():
        db.session.query(RetentionLock).update({"is_permanent": False})
        db.session.add(
            RetentionLock(
                engagement_id=second.id, store_key=version.store_key, is_permanent=True,
                until=locking.end_of(Retention.PERMANENT, datetime.now(UTC)),
                asked_at=datetime.now(UTC),
            )
        )  # fmt: skip
    assert locking.apply_locks() == 3
    assert locking.apply_locks() == 0
    told = locked_store().lock_of(version.store_key)
    assert told.is_held
    assert told.until.year > 2120
    assert first.id != second.id


def test_without_a_locking_store_the_wish_waits(district):
    make_archived(district, "C-01")
    assert len(locks()) == 1
    assert locking.apply_locks() == 0
    make_again = locks()[0]
    assert make_again.applied_until is None
