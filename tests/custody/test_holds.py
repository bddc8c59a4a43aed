"""A legal hold takes two people to begin and two to end, with a reason each time."""

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.custody import services
from app.custody.models import LegalHold
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Role
from tests.factories import UserFactory
from tests.papers.filing import file_paper


@pytest.fixture
def archived(session, engagement, lead):
    file_paper(lead, engagement)
    engagement.accepted_at = clock.now()
    session.flush()
    return engagement


@pytest.fixture
def leader(session):
    return UserFactory(role=Role.LEADER)


def asked(officer, engagement):
    with transaction():
        return services.ask_hold(officer, engagement, "审计署演示审计 2026-1")


def test_whoever_asked_does_not_confirm(archived, officer, leader, audited):
    hold = asked(officer, archived)
    with pytest.raises(Forbidden), transaction():
        services.confirm_hold(officer, hold)
    assert not hold.binds
    with transaction():
        services.confirm_hold(leader, hold)
    assert hold.binds
    assert audited()[-2:] == ["legal_hold.asked", "legal_hold.confirmed"]
    with pytest.raises(Conflict), transaction():
        services.confirm_hold(leader, hold)


def test_the_database_itself_wants_two_people(session, archived, officer):
    hold = asked(officer, archived)
    hold.confirmed_by_id, hold.confirmed_at = officer.id, clock.now()
    with pytest.raises(Exception, match="confirmed_by_another"), session.begin_nested():
        session.flush()


def test_its_end_takes_two_people_as_well(archived, officer, leader):
    hold = asked(officer, archived)
    with transaction():
        services.confirm_hold(leader, hold)
    with pytest.raises(Conflict), transaction():
        services.release_hold(leader, hold)
    with transaction():
        services.ask_release(officer, hold, "审计结束")
    with pytest.raises(Forbidden), transaction():
        services.release_hold(officer, hold)
    with transaction():
        services.keep_hold(leader, hold, "还没结束")
    assert hold.binds
    with transaction():
        services.ask_release(officer, hold, "现在结束了")
    with transaction():
        services.release_hold(leader, hold)
    assert not hold.binds
    assert asked(officer, archived).id != hold.id


def test_one_hold_at_a_time_and_never_without_a_reason(archived, officer, leader):
    with pytest.raises(Invalid), transaction():
        services.ask_hold(officer, archived, "  ")
    hold = asked(officer, archived)
    with pytest.raises(Conflict), transaction():
        services.ask_hold(officer, archived, "又一次")
    with pytest.raises(Invalid), transaction():
        services.refuse_hold(leader, hold, "")
    with transaction():
        services.refuse_hold(leader, hold, "没有依据")
    asked(officer, archived)


def test_the_pages_lead_from_asking_to_the_end(session, sign_in, archived, officer, leader):
    page = f"/engagements/{archived.id}/archive"
    mine, theirs = sign_in(officer), sign_in(leader)
    form = mine.get(f"/engagements/{archived.id}/legal-holds/new")
    assert form.status_code == 200
    assert mine.post(f"/engagements/{archived.id}/legal-holds", data={}).status_code == 422
    sent = mine.post(f"/engagements/{archived.id}/legal-holds", data={"reason": "诉讼"})
    assert sent.status_code == 302
    hold = session.scalars(select(LegalHold)).one()
    assert f"/legal-holds/{hold.id}/confirmation" not in mine.get(page).text
    assert f"/legal-holds/{hold.id}/confirmation" in theirs.get(page).text
    assert mine.post(f"/legal-holds/{hold.id}/confirmation").status_code == 403
    told = session.scalars(select(Message).where(Message.user_id == leader.id)).all()
    assert [one.kind for one in told] == ["legal_hold_asked"]
    assert theirs.post(f"/legal-holds/{hold.id}/confirmation").status_code == 302
    assert (
        theirs.post(f"/legal-holds/{hold.id}/end").status_code == 302
    )  # not asked: told, unchanged
    session.refresh(hold)
    assert hold.binds
    assert mine.get(f"/legal-holds/{hold.id}/release").status_code == 200
    assert mine.post(f"/legal-holds/{hold.id}/release", data={"reason": ""}).status_code == 422
    assert mine.post(f"/legal-holds/{hold.id}/release", data={"reason": "结案"}).status_code == 302
    assert theirs.get(f"/legal-holds/{hold.id}/continuation").status_code == 200
    assert theirs.post(f"/legal-holds/{hold.id}/end").status_code == 302
    session.refresh(hold)
    assert not hold.binds
    assert theirs.get(f"/legal-holds/{hold.id}/nonsense").status_code == 404
    assert "legal_hold.released" in set(session.scalars(select(AuditEvent.event)))


def test_people_without_a_say_see_no_button(sign_in, archived, lead):
    assert sign_in(lead).get(f"/engagements/{archived.id}/archive").status_code == 404
    inspector = sign_in(UserFactory(role=Role.INSPECTOR))
    page = inspector.get(f"/engagements/{archived.id}/archive")
    assert page.status_code == 200
    assert "legal-holds" not in page.text
    assert inspector.post(f"/engagements/{archived.id}/legal-holds").status_code == 403
