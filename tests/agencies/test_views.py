"""The pages of the directory."""

from datetime import date

import pytest

from app import agencies, clock, credit_code
from app.agencies.models import Agency, Evaluator
from app.policy import Role
from tests.factories import AgencyFactory, EvaluatorFactory, UserFactory


def words(**changes):
    usual = {
        "name": "演示会计师事务所",
        "credit_code": credit_code.make(1),
        "agency_type": "accounting",
        "legal_representative": "演示法人",
        "phone": "0000-0000000",
        "once": "c" * 20,
    }
    return {**usual, **changes}


def text_of(reply):
    return reply.get_data(as_text=True)


def test_an_agency_is_registered_through_the_form(sign_in, session):
    client = sign_in(UserFactory())
    assert client.get("/agencies/new").status_code == 200
    reply = client.post("/agencies", data=words())
    assert reply.status_code == 302
    assert "演示会计师事务所" in text_of(client.get(reply.location))
    assert client.post("/agencies", data=words()).status_code == 422
    assert session.query(Agency).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"credit_code": "91990100DM0000000X"}, "credit_code"),
        ({"credit_code": ""}, "credit_code"),
        ({"legal_representative": ""}, "legal_representative"),
        ({"legal_representative": "演示😀"}, "legal_representative"),
        ({"agency_type": "guild"}, "agency_type"),
        ({"established_on": "2026-02-30"}, "established_on"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(sign_in, wrong, field):
    reply = sign_in(UserFactory()).post("/agencies", data=words(**wrong))
    assert reply.status_code == 422
    assert "演示会计师事务所" in text_of(reply)
    assert f'href="#{field}"' in text_of(reply)


def test_the_directory_says_that_it_is_no_gate(sign_in):
    client = sign_in(UserFactory(locale="en"))
    for path in ("/agencies", "/agencies/new", f"/agencies/{AgencyFactory().id}"):
        assert "not a condition for taking part" in text_of(client.get(path)), path


def test_the_directory_is_searched(sign_in):
    found, other = AgencyFactory(), AgencyFactory()
    client = sign_in(UserFactory())
    page = text_of(client.get(f"/agencies?q={found.name}&type=consultancy"))
    assert found.name in page
    assert f"/agencies/{other.id}" not in page


def test_a_unit_sees_the_public_part_only(sign_in):
    agency = AgencyFactory(phone="0000-7654321", address="演示路 9 号")
    for role, sees in ((Role.UNIT_OFFICER, False), (Role.SECTION_OFFICER, True)):
        page = text_of(sign_in(UserFactory(role=role)).get(f"/agencies/{agency.id}"))
        assert (agency.phone in page) is sees
        assert agency.name in page


def test_an_agency_sees_itself_and_no_other(sign_in):
    own, other = AgencyFactory(), AgencyFactory()
    client = sign_in(UserFactory(role=Role.LEAD_EVALUATOR, organisation=own.organisation))
    assert client.get(f"/agencies/{own.id}").status_code == 200
    assert client.get(f"/agencies/{other.id}").status_code == 404
    assert other.name not in text_of(client.get("/agencies"))
    assert client.post(f"/agencies/{other.id}", data=words()).status_code == 404
    assert client.get(f"/agencies/{other.id}/evaluators/new").status_code == 404


def test_particulars_are_corrected(sign_in, audited):
    agency = AgencyFactory()
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    client = sign_in(admin)
    assert 'value="演示法人"' in text_of(client.get(f"/agencies/{agency.id}/edit"))
    assert client.post(f"/agencies/{agency.id}", data={"phone": "1"}).status_code == 422
    reply = client.post(f"/agencies/{agency.id}", data=words(agency_type="law"))
    assert reply.status_code == 302
    assert agency.agency_type == "law"
    assert audited() == ["agency.edited"]


def evaluator_words(**changes):
    usual = {
        "name": "演示主评人",
        "qualification": "注册会计师",
        "working_since": "2012-07-01",
        "evaluating_since": "2016-07-01",
        "once": "d" * 20,
    }
    return {**usual, **changes}


def test_an_evaluator_is_entered_confirmed_and_leaves(sign_in, session, audited):
    agency, section = AgencyFactory(), UserFactory()
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    client, path = sign_in(admin), f"/agencies/{agency.id}/evaluators"
    assert client.get(f"{path}/new").status_code == 200
    assert client.post(path, data=evaluator_words(user=admin.id)).status_code == 302
    evaluator = session.query(Evaluator).one()
    assert evaluator.user is admin
    told = sign_in(section).get("/messages").text
    assert f"{agency.name}：有人员待确认为主评人" in told, "who confirms hears of it"
    confirm = f"/agencies/evaluators/{evaluator.id}/confirmations"
    assert client.post(confirm).status_code == 404
    officer, home = sign_in(UserFactory()), f"/agencies/{agency.id}"
    assert "登记了评价人员：演示主评人" in officer.get(home).text
    assert confirm in officer.get(home).text
    evaluator.evaluating_since = clock.today()
    session.flush()
    assert confirm not in officer.get(home).text, "nobody is offered what can't be done"
    evaluator.evaluating_since = date(2016, 7, 1)
    session.flush()
    assert "自今日起该人员不能签字" in officer.get(home).text, "what can't be taken back asks first"
    assert officer.post(confirm).status_code == 302
    assert "无账号的主评人" not in client.get("/").text
    evaluator.user = None
    session.flush()
    assert "无账号的主评人" in client.get("/").text, "it is theirs to open one"
    assert officer.post(confirm).status_code == 409
    assert client.post(f"/agencies/evaluators/{evaluator.id}/leavings").status_code == 302
    assert client.get(f"/agencies/{agency.id}").status_code == 200
    told = [event for event in audited() if event.startswith("evaluator.")]
    assert told == ["evaluator.registered", "evaluator.confirmed", "evaluator.left"]


def test_a_wrong_evaluator_is_told_in_the_form(sign_in):
    agency = AgencyFactory()
    path = f"/agencies/{agency.id}/evaluators"
    client = sign_in(UserFactory())
    for wrong in (
        {"evaluating_since": "2010-01-01"},
        {"working_since": "2999-01-01"},
        {"user": "1"},
    ):
        reply = client.post(path, data=evaluator_words(**wrong))
        assert reply.status_code == 422, wrong
        assert "error-summary" in text_of(reply)


def test_the_page_says_why_somebody_may_not_sign(sign_in):
    evaluator = EvaluatorFactory(confirmed_at=None)
    officer = UserFactory(locale="en")
    page = text_of(sign_in(officer).get(f"/agencies/{evaluator.agency_id}"))
    assert "has not confirmed" in page


def test_upper_features_add_their_panels(sign_in, monkeypatch):
    agency, seen = AgencyFactory(), []

    def panel(shown, user):
        seen.append((shown.id, user.role))
        return ("agencies/no_gate.html", {}) if user.role is Role.LEADER else None

    monkeypatch.setattr(agencies, "panels", [panel])
    for role in (Role.LEADER, Role.PERFORMANCE_OFFICER):
        assert sign_in(UserFactory(role=role)).get(f"/agencies/{agency.id}").status_code == 200
    assert [role for _id, role in seen] == [Role.LEADER, Role.PERFORMANCE_OFFICER]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_see_no_agencies(sign_in, role):
    client = sign_in(UserFactory(role=role))
    assert client.get("/agencies").status_code == 403
    assert client.get(f"/agencies/{AgencyFactory().id}").status_code == 404


def test_the_directory_takes_the_same_queries_for_one_and_many(sign_in, statements):
    client = sign_in(UserFactory())
    EvaluatorFactory()
    with statements() as one:
        client.get("/agencies")
    for _n in range(9):
        EvaluatorFactory()
    with statements() as many:
        client.get("/agencies")
    assert len(many) == len(one)
