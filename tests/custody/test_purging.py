"""Files whose retention has ended: listed by the archivist, destroyed when the leader confirms."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.blobs.models import FileKey
from app.custody import ending, holdings, purging
from app.custody.models import PurgedFile, RetentionLock
from app.custody.services import ask_hold, confirm_hold
from app.db import Base, db, transaction
from app.errors import Conflict, Forbidden
from app.identity import acts
from app.identity.models import DangerousAct
from app.policy import Role
from app.store import object_store
from storage import NotStored, Withheld
from tests.conftest import begin
from tests.custody.conftest import make_archived
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept

REASON = "演示：鉴定小组第3号意见，无继续保存价值"


@pytest.fixture
def archivist(district):
    return UserFactory(role=Role.ARCHIVIST)


@pytest.fixture
def leader(district):
    return UserFactory(role=Role.LEADER)


def age(engagement, days=1):
    """The classes of this engagement's files ended so many days ago."""
    with transaction():
        for lock in db.session.scalars(select(RetentionLock)):
            if lock.engagement_id == engagement.id and not lock.is_permanent:
                lock.until = clock.now() - timedelta(days=days)


def ask(archivist):
    with transaction():
        return purging.ask_purge(archivist, REASON)


def confirm(leader, purge):
    with transaction():
        acts.confirm_act(leader, purge.act)


def stored(version):
    with object_store().open(version.store_key) as reader:
        return reader.read()


def test_what_ended_is_listed_confirmed_and_gone(make_district):
    app = make_district(STORAGE_ENCRYPT=True)
    with app.app_context():
        archivist, leader = UserFactory(role=Role.ARCHIVIST), UserFactory(role=Role.LEADER)
        engagement, officer, [one, permanent] = make_archived(app, "C-01", "H-01")
        assert ending.ended_files() == []
        with pytest.raises(Conflict):
            ask(archivist)
        with transaction():
            lock = select(RetentionLock).where(RetentionLock.store_key == permanent.store_key)
            db.session.scalars(lock).one().is_permanent = True
        age(engagement)
        (found,) = ending.ended_files()
        assert found.sha256 == one.sha256
        purge = ask(archivist)
        with pytest.raises(Conflict):
            ask(archivist)
        for nobody in (archivist, officer, UserFactory(role=Role.SYSTEM_ADMIN)):
            with pytest.raises(Forbidden):
                confirm(nobody, purge)
        assert stored(one)
        confirm(leader, purge)
        with pytest.raises(Withheld):
            stored(one)
        with pytest.raises(NotStored):
            object_store().inner.size(one.store_key)
        key = db.session.get(FileKey, one.sha256)
        assert (key.wrapped, key.destroyed_at is not None) == ("", True)
        assert stored(permanent)
        assert purge.act.outcome == "1 / 1"
        assert ending.ended_files() == []
        assert holdings.compare(object_store()).ok
        told = db.session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
        assert told[-2:] == ["files.purged", "dangerous_act.done"]
        gone = begin(app.test_client(), officer).get(f"/papers/{one.paper_id}/versions/1/file")
        assert gone.status_code == 410
        assert "保管期限" in gone.text or "retention" in gone.text


def test_what_somebody_still_needs_is_kept(district, archivist, leader):
    engagement, officer, [one] = make_archived(district, "C-01")
    other, third, [also] = make_archived(district, "C-02")
    age(engagement, days=2)
    age(other)
    assert [found.sha256 for found in ending.ended_files()] == [one.sha256, also.sha256]
    running = make_engagement()
    lead, *_others = crew_of(running)
    data = stored(also)
    file_kept(lead, running, "C-09", "同一文件", data, "同.pdf")  # the same bytes, not archived
    assert [found.sha256 for found in ending.ended_files()] == [one.sha256]
    purge = ask(archivist)
    with transaction():
        hold = ask_hold(third, engagement, "演示：信访")
    with transaction():
        confirm_hold(leader, hold)
    confirm(leader, purge)
    (line,) = db.session.scalars(select(PurgedFile)).all()
    assert line.kept_at is not None
    assert line.destroyed_at is None
    assert stored(one)
    assert ending.ended_files() == []


def test_every_table_that_keeps_files_is_asked(district):
    """A table leads to its engagement, or its rows bind their files for ever."""
    from app.papers.sweeping import tables

    ways = {table.name: ending.way_to_engagement(table) for table in tables()}
    assert {"paper_version", "version_file", "request_file", "visit_photo"} <= set(ways)
    for name in ("paper_version", "version_file", "request_file", "consultation_file"):
        assert ways[name] is not None, name
    assert {"course_file", "hour_proof"} <= {name for name, way in ways.items() if way is None}
    assert "purged_file" not in ways
    assert "purged_file" in Base.metadata.tables


def test_the_pages_list_ask_and_confirm(district, archivist, leader):
    engagement, officer, [one] = make_archived(district, "C-01")
    age(engagement)
    client = begin(district.test_client(), archivist)
    page = client.get("/purges").text
    assert one.sha256[:8] in page
    once = page.split('name="once" value="')[1].split('"')[0]
    assert client.post("/purges", data={"once": once, "reason": ""}).status_code == 422
    reply = client.post("/purges", data={"once": once, "reason": REASON})
    assert reply.status_code == 302
    place = reply.location
    assert REASON in client.get(place).text
    assert "confirmations" not in client.get(place).text
    boss = begin(district.test_client(), leader)
    assert place in boss.get("/dangerous-acts").text
    key = db.session.scalars(select(DangerousAct.id)).one()
    assert f"/dangerous-acts/{key}/confirmations" in boss.get(place).text
    assert boss.post(f"/dangerous-acts/{key}/confirmations").status_code == 302
    assert "1 / 1" in boss.get(place).text
    reader = begin(district.test_client(), officer)
    assert reader.get("/purges").status_code == 200
    stranger = begin(district.test_client(), UserFactory(role=Role.SYSTEM_ADMIN))
    assert stranger.get("/purges").status_code == 403
    assert stranger.get(place).status_code == 404
    assert client.post("/dangerous-acts/purge", data={"reason": REASON}).status_code == 404
