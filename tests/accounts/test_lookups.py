"""Names typed by hand where there are too many for a list: what fits, and who may find what."""

import re

import pytest
from sqlalchemy import insert, select

from app import clock, credit_code
from app.accounts import lookup_views, lookups
from app.accounts.models import Organisation, OrganisationKind, User
from app.conflicts.models import AgencyRelation
from app.db import db
from app.engagements.models import Engagement
from app.experts.models import Expert, Field
from app.pages import board_views
from app.policy import Role
from tests.engagements.filling import entered
from tests.factories import AgencyFactory, OrganisationFactory, UserFactory, make_engagement

MANY = 3000


def province(count=MANY):
    """As many evaluated units as a province has."""
    told = {"kind": OrganisationKind.UNIT, "registered_at": clock.now()}
    rows = [
        {**told, "name": f"演示第{n}中学", "credit_code": credit_code.make(n, kind="12")}
        for n in range(count)
    ]
    db.session.execute(insert(Organisation), rows)
    db.session.commit()


def text(client, address):
    reply = client.get(address)
    assert reply.status_code == 200, address
    return reply.get_data(as_text=True)


def suggested(client, names, words):
    reply = client.get(f"/names/{names}", query_string={"q": words})
    assert reply.status_code == 200
    return [one["name"] for one in reply.json["names"]]


def test_a_province_is_typed_and_not_listed(session, sign_in):
    client = sign_in(UserFactory(role=Role.LEADER))
    OrganisationFactory(name="演示小学")
    assert '<select class="form-select form-select-sm" id="unit"' in text(client, "/best-set")
    province()
    for page in ("/best-set", "/conflicts"):
        told = text(client, page)
        assert len(told) < 30_000, "all units stand in the page"
        assert 'name="unit_name"' in told
        one = text(client, f"{page}?unit_name=演示第17中学&client_name={credit_code.make(18)}")
        assert "“演示第17中学”" not in one
        several = text(client, f"{page}?unit_name=第299&client_name=第299")
        assert "演示第2991中学" in several
        assert several.count("“第299”") == 2
        assert "client=" in several, "of several commissioning departments one is to be chosen"
        assert "“没有”" in text(client, f"{page}?unit_name=没有")
    assert "演示第17中学" in text(client, f"/best-set?unit={key_of('演示第17中学')}")


def key_of(name):
    return db.session.query(Organisation).filter_by(name=name).one().id


def found(client, address, made):
    """Which of the engagements stand in the list of the page."""
    tables = re.findall(r"<table.*?</table>", text(client, address), re.DOTALL)
    return {place for place, one in enumerate(made) if one.code in "".join(tables)}


def test_a_part_of_a_name_or_of_a_code_filters_by_all_that_fit(session, sign_in, monkeypatch):
    monkeypatch.setattr(board_views, "SHORT", 1)
    monkeypatch.setattr(lookups, "SHORT", 1)
    names = ("演示甲所", "演示甲所分所", "演示乙所")
    made = [make_engagement(agency=agency(name, n)) for n, name in enumerate(names)]
    other, unit = made[2].agency, made[0].tasks[0].unit
    client = sign_in(UserFactory(role=Role.LEADER))
    for page in ("/board", "/board/live", "/engagements"):
        assert found(client, f"{page}?agency_name=演示甲所", made) == {0}, "a whole name"
        assert found(client, f"{page}?agency_name=甲所", made) == {0, 1}
        assert found(client, f"{page}?agency_name={other.organisation.credit_code[-9:]}", made) == {
            2
        }
        assert found(client, f"{page}?agency_name=丁所", made) == set()
        assert found(client, f"{page}?agency={other.id}", made) == {2}
    assert found(client, f"/board?unit_name={unit.name}", made) == {0}
    told = text(client, "/board?agency_name=甲所")
    assert "“甲所”" in told
    assert 'value="甲所"' in told
    assert f'value="{other.name}"' in text(client, f"/board?agency={other.id}")


def agency(name, serial):
    code = credit_code.make(serial)
    kind = OrganisationKind.AGENCY
    return AgencyFactory(organisation=OrganisationFactory(kind=kind, name=name, credit_code=code))


def test_nobody_finds_a_name_that_their_own_page_does_not_hold(session, sign_in, monkeypatch):
    own, other = make_engagement(), make_engagement()
    assert set(lookups.lookups) >= {"board-agency", "board-unit", "best-set-units"}
    leader = sign_in(UserFactory(role=Role.LEADER))
    assert set(suggested(leader, "board-agency", "演示")) == {own.agency.name, other.agency.name}
    assert suggested(leader, "board-agency", " ") == []
    person = UserFactory(role=Role.AGENCY_ADMIN, organisation=own.agency.organisation)
    member, answers = sign_in(person), {}
    for names in lookups.lookups:
        reply = member.get(f"/names/{names}?q=演示")
        answers[names] = [one["name"] for one in reply.json["names"]] if reply.json else None
        assert reply.status_code in {200, 403}, names
    unit = own.tasks[0].unit.name
    parties = answers.pop("relation-units")  # whom it may be tied to: units and departments only
    assert {unit, other.tasks[0].unit.name} <= set(parties)
    assert not {own.agency.name, other.agency.name} & set(parties)
    assert {names: told for names, told in answers.items() if told} == {
        "board-agency": [own.agency.name],
        "board-unit": [unit],
        "engagement-agencies": [own.agency.name],
        "partner-agencies": [other.agency.name],
        "transfer-agencies": [other.agency.name],
    }
    unit_person = UserFactory(role=Role.UNIT_OFFICER, organisation=own.tasks[0].unit)
    assert suggested(sign_in(unit_person), "relation-units", "演示") == []
    assert suggested(member, "board-unit", other.tasks[0].unit.name) == []
    assert found(member, f"/board?agency_name={other.agency.name}", [own, other]) == set()
    assert sign_in(UserFactory(role=Role.SYSTEM_ADMIN)).get("/names/board-unit").status_code == 403
    assert leader.get("/names/nonsense").status_code == 404
    monkeypatch.setattr(lookup_views, "A_MINUTE", 0)
    slow = leader.get("/names/board-agency?q=演示")
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize("words", ["中学", "91", "%", "第299"])
def test_at_most_twenty_are_suggested(session, sign_in, statements, words):
    province(200)
    client = sign_in(UserFactory(role=Role.LEADER))
    with statements() as few:
        assert len(suggested(client, "best-set-units", words)) <= lookups.MOST
    province_was = len(few)
    OrganisationFactory(name="演示中学")
    with statements() as more:
        suggested(client, "best-set-units", words)
    assert len(more) == province_was
    assert suggested(client, "best-set-units", "%") == []


def test_forms_take_a_name_a_code_or_a_part_and_refuse_what_is_not_plain(session, sign_in):
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    client, told = sign_in(officer), entered(officer)
    assert field_of(text(client, "/engagements/new"), "client").startswith("<select")
    province()
    page = text(client, "/engagements/new")
    assert len(page) < 40_000, "all units stand in the page"
    assert 'data-names="/names/clients"' in field_of(page, "client")
    assert len(text(client, "/procurement/new")) < 40_000
    told |= {"client": officer.organisation.name, "tasks-0-unit": "第299"}
    reply = client.post("/engagements", data=told)
    assert reply.status_code == 422
    assert 'value="第299"' in field_of(reply.text, "tasks-0-unit")
    assert "演示第2990中学" in reply.text
    for wrong in ("没有", "17", str(key_of("演示第17中学"))):
        reply = client.post("/engagements", data={**told, "tasks-0-unit": wrong})
        assert reply.status_code == 422, wrong
        assert f'value="{wrong}"' in field_of(reply.text, "tasks-0-unit")
    again = client.post("/engagements", data={**told, "add": "2", "tasks-0-unit": "第2990"})
    assert 'value="演示第2990中学"' in field_of(again.text, "tasks-0-unit")
    dropped = {"tasks-1-project": "第二项", "tasks-1-unit": "第299", "drop": "0"}
    assert 'value="第299"' in client.post("/engagements", data={**told, **dropped}).text
    code = credit_code.make(2990, kind="12").lower()
    for n, right in enumerate(("演示第2990中学", "第2990", code)):
        one = {**told, "tasks-0-unit": right, "once": f"token{n}"}
        assert client.post("/engagements", data=one).status_code == 302, right
        opened = session.scalars(select(Engagement).order_by(Engagement.id.desc())).first()
        assert opened.tasks[0].unit.name == "演示第2990中学"
        assert opened.client_id == officer.organisation_id


def test_a_form_is_no_longer_for_three_thousand_units(session, sign_in):
    """Accounts, ties, targets and experts: a few kilobytes, whatever the district's size."""
    officer, expert = sign_in(UserFactory()), UserFactory(role=Role.EXPERT)
    security = sign_in(UserFactory(role=Role.SECURITY_ADMIN))
    system = sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    house = AgencyFactory()
    forms = [
        (officer, "/accounts/new", "organisation"),
        (security, "/accounts/new", "organisation"),
        (officer, f"/agencies/{house.id}/relations/new", "organisation"),
        (system, "/messages/targets/new", "organisation"),
        (officer, f"/experts/{expert.id}", "more-0"),
    ]
    for client, page, name in forms[:4]:
        assert field_of(text(client, page), name).startswith("<select"), page
    assert 'type="checkbox" value="' in text(officer, forms[4][1])
    province()
    for client, page, name in forms:
        told = text(client, page)
        assert len(told) < 40_000, page
        assert 'list="' in field_of(told, name), page
    entered = {"login": "xin-1", "name": "演示新人", "role": "unit_officer", "once": "t" * 20}
    refused = officer.post("/accounts", data={**entered, "organisation": "第299"})
    assert refused.status_code == 422
    assert 'value="第299"' in field_of(refused.text, "organisation")
    opened = officer.post("/accounts", data={**entered, "organisation": "第2991"})
    assert opened.status_code == 200
    person = session.scalar(select(User).where(User.login == "xin-1"))
    assert person.organisation.name == "演示第2991中学"
    tie = {"kind": "bookkeeping", "from_on": "2026-01-05", "source": "演示合同", "once": "u" * 20}
    url = f"/agencies/{house.id}/relations"
    assert officer.post(url, data={**tie, "organisation": "第2992"}).status_code == 302
    assert session.scalars(select(AgencyRelation)).one().organisation.name == "演示第2992中学"
    url, fields = f"/experts/{expert.id}", {"fields": [*Field][:1], "title": "演示高级会计师"}
    said = {**fields, "rank": "other", "more-0": "第2993", "more-2": "第2994"}
    assert officer.post(url, data={**said, "more-1": "没有"}).status_code == 422
    assert officer.post(url, data=said).status_code == 302
    kept = text(officer, url)
    assert all(f"演示第{n}中学" in kept for n in (2993, 2994))
    assert (
        officer.post(url, data={**said, "shut_out": [key_of("演示第2994中学")]}).status_code == 302
    )
    assert set(session.get(Expert, expert.id).shut_out) == {
        key_of("演示第2993中学"), key_of("演示第2994中学")
    }  # fmt: skip


def field_of(page, name):
    """The field with what stands around it."""
    return re.search(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)[0]
