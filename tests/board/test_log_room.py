"""The audit administrator's room: the log is asked in words, verified and taken away by clicking."""

import pytest
from sqlalchemy import select

from app import audit, clock
from app.audit.exporting import verify_export
from app.audit.models import AuditEvent
from app.audit.sentences import ROOMS, SENTENCES
from app.db import db, transaction
from app.pages import log_taking
from app.policy import Role
from tests.audit.log import seal, unguard
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement


def test_every_event_is_in_one_room():
    names = [name for room in ROOMS.values() for name in room.events]
    assert sorted(names) == sorted({event.label for event in SENTENCES})


@pytest.mark.owner  # who tampers owns the table
def test_an_auditor_asks_verifies_and_takes_the_log_away(district, tmp_path, monkeypatch):
    with transaction():
        engagement = make_engagement()
        auditor = UserFactory(role=Role.AUDIT_ADMIN, name="Wen Shu")
        officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
        db.session.flush()
        code = engagement.code
    seal()
    client = begin(district.test_client(), auditor)
    page = client.get("/log").text
    assert "/log/verification" in page
    assert "/log/export" in page
    assert "engagement.opened" in client.get(f"/log?subject={code.lower()}&room=work").text
    assert "engagement.opened" not in client.get(f"/log?subject={code}&room=people").text
    today = clock.today().isoformat()
    assert "engagement.opened" in client.get(f"/log?since={today}&until={today}").text
    assert "engagement.opened" not in client.get("/log?until=2020-01-01").text
    assert "engagement.opened" not in client.get("/log?who=nobody&since=no-day").text
    assert "notice ok" in client.get("/log/verification").text

    taken = client.get("/log/export", buffered=True)
    assert taken.headers["Content-Disposition"].endswith(".gz")
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(taken.data)
    assert verify_export(path).ok
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "log.exported")).one()
    assert told.actor_id == auditor.id
    assert "log.exported" in client.get("/log?who=wen shu&room=running").text
    with transaction():
        audit.record(auditor, audit.Event.REVIEW_SUBMITTED, "review_invitation:1", commitment="x")
    assert "review.submitted" in client.get("/log?subject=review_invitation:1").text
    assert "review.submitted" not in client.get("/log?who=wen shu&room=judging").text
    other = begin(district.test_client(), officer)
    for address in ("/log/verification", "/log/export"):
        assert other.get(address).status_code == 403

    with monkeypatch.context() as short:
        short.setattr(log_taking, "MOST", 0)
        for address in ("/log/verification", "/log/export"):
            long = client.get(address)
            assert (long.status_code, "xingping audit verify" in long.text) == (409, True)

    first = db.session.scalar(select(AuditEvent.id).order_by(AuditEvent.id))
    unguard()
    with db.engine.begin() as connection:
        connection.execute(
            AuditEvent.__table__.update().where(AuditEvent.id == first).values(subject="x:1")
        )
    bad = client.get("/log/verification").text
    assert "notice bad" in bad
    assert "audit_event" in bad
