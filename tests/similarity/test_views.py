"""Alarms on pages: the bureau's reviewers see both sides, an agency sees nothing of it."""

import pytest

from app.policy import Role
from app.similarity import comparing
from tests.factories import UserFactory
from tests.similarity.library import essay, file_text, house, learn


@pytest.fixture
def alarmed(session):
    """The leads of both agencies, the later version, and its alarm's address."""
    (lead, job), (other_lead, other_job) = house(), house()
    chapter = essay(31, 2500)
    old, new = essay(32, 500) + chapter, essay(33, 600) + chapter
    learn(old, new)
    file_text(lead, job, old, title="旧稿")
    version = file_text(other_lead, other_job, new, title="新稿")
    comparing.check(version)
    from app.similarity.models import LikenessAlarm

    alarm = session.query(LikenessAlarm).one()
    return lead, other_lead, version, f"/similarity-alarms/{alarm.id}"


def test_the_reviewer_sees_both_sides_and_marks_it(alarmed, sign_in, audited):
    _lead, _other, version, at = alarmed
    client = sign_in(UserFactory(role=Role.PERFORMANCE_OFFICER))
    panel = client.get(f"/papers/{version.paper_id}").text
    assert at in panel
    assert "旧稿" in panel
    assert at in client.get("/similarity-alarms").text
    page = client.get(at).text
    assert page.count("<mark>") >= 2
    assert client.post(at, data={"words": " ", "once": "x"}).status_code == 422
    assert client.post(at, data={"words": "均引用同一政策", "once": "t"}).status_code == 302
    assert audited()[-1] == "similarity.settled"
    assert "均引用同一政策" in client.get(at).text
    assert at not in client.get("/similarity-alarms").text
    assert at in client.get("/similarity-alarms?state=settled").text
    assert client.post(at, data={"words": "再核", "once": "y"}).status_code in {409, 422}


def test_a_leader_looks_and_does_not_mark(alarmed, sign_in):
    at = alarmed[3]
    client = sign_in(UserFactory(role=Role.LEADER))
    page = client.get(at)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert client.post(at, data={"words": "好", "once": "z"}).status_code == 403


def test_no_agency_learns_of_it(alarmed, sign_in):
    lead, other_lead, version, at = alarmed
    for person in (lead, other_lead, UserFactory(role=Role.SECTION_OFFICER)):
        client = sign_in(person)
        assert client.get(at).status_code == 404
        assert client.get("/similarity-alarms").status_code == 403
    told = sign_in(other_lead).get(f"/papers/{version.paper_id}").text
    assert "旧稿" not in told
    assert at not in told


def test_texts_that_do_not_count_are_added_and_taken_back(session, sign_in, officer, lead):
    client = sign_in(officer)
    assert client.get("/boilerplates").status_code == 200
    assert (
        client.post("/boilerplates", data={"title": "办法", "text": "短", "once": "a"}).status_code
        == 422
    )
    told = {
        "title": "管理办法",
        "text": "第一条 为规范预算绩效管理工作制定本办法。" * 3,
        "once": "b",
    }
    assert client.post("/boilerplates", data=told).status_code == 302
    assert "管理办法" in client.get("/boilerplates").text
    from app.similarity.models import Boilerplate

    number = session.query(Boilerplate).one().id
    assert client.post(f"/boilerplates/{number}/withdrawal").status_code == 302
    assert client.post(f"/boilerplates/{number}/withdrawal").status_code == 409
    assert sign_in(lead).get("/boilerplates").status_code == 403
