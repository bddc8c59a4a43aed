import pytest

from app import clock
from app.amendments.models import Amendment, AmendmentState
from app.policy import Role
from app.web import fresh_token
from tests.amendments.asking import ask, later
from tests.factories import EvaluatorFactory, UserFactory, make_engagement


@pytest.fixture
def url(engagement):
    return f"/engagements/{engagement.id}/amendments"


def text_of(reply):
    return reply.get_data(as_text=True)


def test_from_the_request_to_the_decision(sign_in, session, engagement, lead, officer, url):
    stage, client = engagement.current_stage, sign_in(lead)
    assert client.get(f"{url}/new?kind=extension").status_code == 200
    told = {"kind": "extension", "stage": stage.id, "once": fresh_token(), "reason": "等资料"}
    assert client.post(url, data=told).status_code == 422
    day = {"ends_on": later(stage, 4).isoformat()}
    assert client.post(url, data={**told, **day}).status_code == 302
    (asked,) = session.query(Amendment).all()
    page = f"/amendments/{asked.id}/decision"
    assert client.get(page).status_code == 403
    head = sign_in(officer)
    assert "等资料" in text_of(head.get(url))
    assert head.get(page).status_code == 200
    assert head.post(page, data={"outcome": "refused"}).status_code == 422
    assert head.post(page, data={"outcome": "approved"}).status_code == 302
    assert asked.state is AmendmentState.APPROVED
    assert "等资料" in text_of(client.get(f"/engagements/{engagement.id}"))
    assert client.get(f"/agencies/{engagement.agency_id}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("supplement", {"basis": "补充协议", "fee": "80100.50"}),
        ("suspension", {"starts_on": "today"}),
        ("correction", {"field": "name", "value": "演示更正"}),
        ("correction", {"field": "ends_on", "value": "2099-01-02"}),
    ],
)
def test_what_the_section_enters(sign_in, engagement, officer, url, kind, told):
    client = sign_in(officer)
    assert client.get(f"{url}/new?kind={kind}").status_code == 200
    told = {k: clock.today().isoformat() if v == "today" else v for k, v in told.items()}
    told |= {"kind": kind, "once": fresh_token()}
    assert client.post(url, data=told).status_code == 422
    reply = client.post(url, data={**told, "reason": "按会议纪要"})
    assert reply.status_code == 302, text_of(reply)
    assert "按会议纪要" in text_of(client.get(url))
    if kind == "suspension":
        told = {"kind": "resumption", "once": fresh_token(), "ends_on": told["starts_on"]}
        assert client.post(url, data=told).status_code == 302


def test_a_correction_shows_what_stands_there_now(sign_in, engagement, officer, url):
    page = text_of(sign_in(officer).get(f"{url}/new?kind=correction"))
    assert f"委托项目名称（{engagement.name}）" in page
    assert f"（{engagement.ends_on.isoformat()}）" in page


def test_another_lead_and_the_contract_that_follows(
    sign_in, session, engagement, lead, officer, url
):
    other = EvaluatorFactory(agency=engagement.agency)
    session.commit()
    told = {"kind": "lead", "evaluator": other.id, "once": fresh_token(), "reason": "离职"}
    assert sign_in(lead).post(url, data=told).status_code == 302
    (asked,) = session.query(Amendment).all()
    client = sign_in(officer)
    assert client.get(f"/amendments/{asked.id}/decision").status_code == 200
    new = make_engagement()
    engagement.terminated_at = clock.now()
    session.commit()
    told = {"kind": "succession", "successor": "W-0", "once": fresh_token(), "reason": "退出"}
    assert client.post(url, data=told).status_code == 422
    assert client.post(url, data={**told, "successor": new.code}).status_code == 302
    assert engagement.code in text_of(client.get(f"/engagements/{new.id}/amendments"))


def test_strangers_meet_nothing(sign_in, engagement, lead, officer, url):
    asked = ask(lead, engagement)
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    assert sign_in(unit).get(url).status_code == 404
    assert sign_in(unit).get(f"/amendments/{asked.id}/decision").status_code == 404
    client = sign_in(officer)
    assert client.get(f"{url}/new?kind=nonsense").status_code == 404
    assert client.get(f"{url}/new?kind=extension").status_code == 403


def test_what_waits_costs_the_same_however_many(sign_in, session, lead, officer, statements):
    client = sign_in(officer)

    def cost():
        session.expire_all()
        with statements() as seen:
            assert client.get("/amendments").status_code == 200
        return len(seen)

    def one_more():
        engagement = make_engagement()
        home = engagement.agency.organisation
        ask(UserFactory(role=Role.LEAD_EVALUATOR, organisation=home), engagement)

    one_more()
    few = cost()
    for _n in range(5):
        one_more()
    assert cost() == few
