"""Several engagements at once, reminders, officers and kept views."""

from datetime import timedelta

import pytest

from app import clock, handovers
from app.amendments.queries import facts_of
from app.amendments.services import grant_extension
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.oversight import batches, queries, services
from app.policy import Role
from tests.amendments.asking import ask
from tests.factories import UserFactory, make_engagement


@pytest.fixture
def other(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


def test_one_officer_at_a_time_and_the_message_goes_to_them(session, engagement, officer, other):
    with transaction():
        services.assign_officer(officer, engagement, officer)
    with transaction():
        services.assign_officer(officer, engagement, other)
    assert queries.officer_of(engagement).officer_id == other.id
    assert (
        session.query(Message).filter_by(user_id=other.id, kind="engagement_assigned").count() == 1
    )
    with pytest.raises(Conflict), transaction():
        services.assign_officer(officer, engagement, other)
    with pytest.raises(Invalid), transaction():
        services.assign_officer(officer, engagement, UserFactory(role=Role.LEADER))
    moving = next(each for each in handovers.movables if each.name == "officers")
    with transaction():
        assert moving.move(other, officer) == 1
    session.expire_all()
    assert queries.officer_of(engagement).officer_id == officer.id


def test_an_agency_is_reminded_once_a_day_and_not_of_what_it_handed_in(
    session, engagement, officer, lead, audited
):
    with transaction():
        services.remind_agency(officer, engagement, "请尽快提交")
    assert session.query(Message).filter_by(user_id=lead.id, kind="stage_reminded").count() == 1
    with pytest.raises(Conflict), transaction():
        services.remind_agency(officer, engagement, "再催")
    engagement.current_stage.submitted_at = clock.now()
    session.commit()
    with clock.frozen(clock.now() + timedelta(days=2)), pytest.raises(Conflict), transaction():
        services.remind_agency(officer, engagement, "再催")
    with pytest.raises(Forbidden), transaction():
        services.remind_agency(lead, engagement, "自催")
    assert audited().count("stage.reminded") == 1


def test_each_row_refuses_for_itself_and_the_rest_is_kept(session, officer, audited):
    rows = [make_engagement(actor=officer) for _n in range(3)]
    with transaction():
        services.remind_agency(officer, rows[1], "")
    with transaction():
        refused = batches.remind_agencies(officer, batches.afresh(rows), "请按期提交")
    assert [each.engagement.id for each in refused] == [rows[1].id]
    assert set(queries.reminded([row.id for row in rows])) == {row.id for row in rows}
    assert audited().count("stage.reminded") == 3


def test_several_stages_get_more_time_unasked(session, officer, sign_in, audited):
    first, handed_in, asked = (make_engagement(actor=officer) for _n in range(3))
    handed_in.current_stage.submitted_at = clock.now()
    session.commit()
    leader = UserFactory(role=Role.AGENCY_ADMIN, organisation=asked.agency.organisation)
    ask(leader, asked)
    before = [stage.due_on for stage in first.stages]
    base = max(before[0], clock.today())
    client, told = sign_in(officer), {"act": "extend", "once": "d" * 20, "officer": "0"}
    told["rows"] = ",".join(str(each.id) for each in (first, handed_in, asked))
    for wrong in ({}, {"days": "5"}, {"days": "61", "words": "汛期"}, {"words": "汛期"}):
        assert client.post("/board/several/act", data=told | wrong).status_code == 422
    right = {"days": "5", "words": "预算数据统一推迟下达"}
    page = client.post("/board/several/act", data=told | right).get_data(as_text=True)
    assert handed_in.code in page
    assert asked.code in page
    assert first.code not in page
    session.expire_all()
    assert first.stages[0].due_on == clock.add_working_days(base, 5)
    moved = clock.working_days_between(before[0], first.stages[0].due_on)
    assert [s.due_on for s in first.stages[1:]] == [
        clock.add_working_days(day, moved) for day in before[1:]
    ]
    counted = facts_of([first.id, asked.id])
    assert (counted[first.id].granted, counted[first.id].extensions) == (1, 0)
    assert counted[asked.id].asked == 1
    assert audited().count("amendment.extension_granted") == 1
    with pytest.raises(Forbidden), transaction():
        grant_extension(leader, handed_in, 3, "自己延期")
    shown = client.get(f"/engagements/{first.id}/amendments").get_data(as_text=True)
    assert "预算数据统一推迟下达" in shown
    assert "预算数据统一推迟下达" in client.get(f"/engagements/{first.id}").get_data(as_text=True)


def test_the_page_of_several_asks_does_and_tells(session, officer, other, sign_in):
    first, second = make_engagement(actor=officer), make_engagement(actor=officer)
    with transaction():
        services.assign_officer(officer, second, other)
    client = sign_in(officer)
    assert client.post("/board/several").location == "/board"
    assert client.get("/board/several").location == "/board"
    assert client.get(f"/board/several?row={first.id}").status_code == 200
    asked = client.post("/board/several", data={"row": [first.id, second.id]})
    assert first.code in asked.get_data(as_text=True)
    told = {"rows": f"{first.id},{second.id},999999,x", "act": "assign", "once": "c" * 20}
    assert client.post("/board/several/act", data=told | {"officer": "0"}).status_code == 422
    done = client.post("/board/several/act", data=told | {"officer": str(other.id)})
    page = done.get_data(as_text=True)
    assert second.code in page
    assert first.code not in page
    assert queries.officers_of([first.id]) == {first.id: other.name}
    assert first.name in client.get(f"/board?officer={other.id}").get_data(as_text=True)
    stranger = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    refused = stranger.post("/board/several/act", data=told | {"officer": str(other.id)})
    assert refused.status_code == 422
    assert first.code not in refused.get_data(as_text=True)


def test_a_view_is_kept_by_name_and_is_nobody_elses(session, officer, other, sign_in):
    client = sign_in(officer)
    told = {"name": "教育 口", "query": "state=overdue&year=2026"}
    assert client.post("/board/views", data=told).status_code == 302
    assert client.post("/board/views", data=told | {"query": "year=2025"}).status_code == 302
    (view,) = queries.views_of(officer)
    assert view.query == "year=2025"
    lines = told | {"name": "换行", "query": "?state=overdue\r\nX-Evil: 1&year=2026"}
    reply = client.post("/board/views", data=lines)
    assert (reply.status_code, "X-Evil" in reply.headers) == (302, False)
    assert reply.location.endswith("?state=overdue%0D%0AX-Evil%3A+1&year=2026")
    wrong = queries.view_named(officer, "换行")
    assert client.post(f"/board/views/{wrong.id}/removal").status_code == 302
    assert "教育 口" in client.get("/board").get_data(as_text=True)
    assert client.post("/board/views", data={"name": ""}).status_code == 422
    assert sign_in(other).post(f"/board/views/{view.id}/removal").status_code == 404
    moving = next(each for each in handovers.movables if each.name == "board views")
    for copied in (1, 0):
        with transaction():
            assert moving.move(officer, other) == copied
    assert [(kept.name, kept.query) for kept in queries.views_of(other)] == [
        ("教育 口", "year=2025")
    ]
    assert client.post(f"/board/views/{view.id}/removal").status_code == 302
    assert queries.views_of(officer) == []
    assert client.get("/board/views?year=2026").status_code == 200
