"""Relations are entered, an engagement is refused by them, links are accepted by the leader."""

import io
from datetime import date

import openpyxl
import pytest

from app import clock
from app.accounts.models import OrganisationKind
from app.conflicts import queries, services, workbook
from app.conflicts.models import ConflictLink
from app.conflicts.rules import Case, LinkKind, RelationKind
from app.conflicts.services import NewRelation
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.tabular import FaultyTable
from app.web import fresh_token
from tests.factories import AgencyFactory, OrganisationFactory, UserFactory, make_engagement

SINCE = date(2020, 1, 1)


@pytest.fixture
def officer(session):
    return UserFactory()


@pytest.fixture
def leader(session):
    return UserFactory(role=Role.LEADER)


def tied(officer, agency, unit, kind=RelationKind.AUDIT, **changes):
    new = NewRelation(kind, SINCE, organisation=unit, source="演示合同", **changes)
    with transaction():
        return services.enter_relation(officer, agency, new)


def unit_of(engagement):
    return engagement.tasks[0].unit


def again(engagement, **changes):
    """Another engagement of the same agency at the same unit."""
    from tests.factories import make_task

    task = make_task(engagement.template, unit=unit_of(engagement))
    return make_engagement(agency=engagement.agency, tasks=[task], **changes)


def test_no_engagement_is_opened_with_whoever_served_the_unit(officer, audited):
    first = make_engagement()
    relation = tied(officer, first.agency, unit_of(first))
    assert audited().count("relation.entered") == 1
    with pytest.raises(Invalid, match=r"override|回避|无权|不得"):
        again(first)
    with transaction():
        services.withdraw_relation(officer, relation, "演示误录")
    assert again(first).id
    with pytest.raises(Conflict), transaction():
        services.withdraw_relation(officer, relation, "演示再次")


def test_an_earlier_engagement_is_a_link_that_the_leader_accepts(officer, leader, audited):
    first = make_engagement()
    assert queries.links_of(first) == []
    second = again(first)
    (link,) = queries.links_of(second)
    assert link.kind in {LinkKind.EARLIER_ENGAGEMENT, LinkKind.SAME_PROJECT}
    assert link.facts["code"] == first.code
    assert "conflict.found" in audited()
    with pytest.raises(Forbidden), transaction():
        services.accept_link(officer, link, "演示")
    with pytest.raises(Invalid), transaction():
        services.accept_link(leader, link, "  ")
    with transaction():
        services.accept_link(leader, link, "演示:人员不同")
    assert link.reason == "演示:人员不同"
    with pytest.raises(Forbidden), transaction():
        services.accept_link(leader, link, "演示")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": RelationKind.OWNER}, "share_percent"),
        ({"kind": RelationKind.FORMER_POST}, "person"),
        ({"kind": RelationKind.TENDERING}, "project"),
        ({"until_on": date(2019, 1, 1)}, "until_on"),
        ({"from_on": date(2090, 1, 1)}, "from_on"),
        ({"party_name": " "}, "party_name"),
    ],
)
def test_half_a_relation_is_refused(officer, changes, field):
    told = {"kind": RelationKind.AUDIT, "from_on": SINCE, "party_name": "演示方", **changes}
    with pytest.raises(Invalid) as error, transaction():
        services.enter_relation(officer, AgencyFactory(), NewRelation(**told))
    assert error.value.field == field


def test_an_agency_enters_its_own_relations_and_no_others(session):
    admin = UserFactory(role=Role.AGENCY_ADMIN)
    from app.agencies.models import Agency

    own = db.session.get(Agency, admin.organisation_id)
    with transaction():
        services.enter_relation(admin, own, NewRelation(RelationKind.AUDIT, SINCE, party_name="演"))
    with pytest.raises(Forbidden), transaction():
        services.enter_relation(
            admin, AgencyFactory(), NewRelation(RelationKind.AUDIT, SINCE, party_name="演")
        )


def filled(*rows):
    book = openpyxl.load_workbook(io.BytesIO(workbook.blank()))
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_enters_all_its_rows_or_none(app, officer, sign_in):
    agency, unit = AgencyFactory(), OrganisationFactory(name="演示表格单位")
    day = date(2024, 5, 1)
    good = ["audit", unit.name, None, None, None, None, day, None, "演示来源"]
    odd = ["friendship", "演示方", None, None, None, None, day, None, "演示来源"]
    with app.test_request_context():
        (new,) = workbook.relations_of(filled(good), {unit.name: unit})
        assert new.organisation is unit
        with pytest.raises(FaultyTable):
            workbook.relations_of(filled(good, odd), {})
    client, url = sign_in(officer), f"/agencies/{agency.id}/relations/workbooks"

    def send(*rows):
        data = {"once": fresh_token(), "file": (io.BytesIO(filled(*rows)), "演示.xlsx")}
        return client.post(url, data=data)

    refused = send(good, odd)
    assert refused.status_code == 422
    assert ">3<" in refused.get_data(as_text=True)
    assert queries.relations_of(agency.id) == []
    assert send(good, good).status_code == 302
    assert len(queries.relations_of(agency.id)) == 2
    assert client.post(url, data={"once": fresh_token()}).status_code == 422


def test_one_check_costs_the_same_for_a_thousand_agencies(officer, statements):
    unit = OrganisationFactory(kind=OrganisationKind.UNIT)
    agencies = [AgencyFactory() for _n in range(3)]
    case = Case(clock.today(), frozenset({unit.id}))
    keys = [agency.id for agency in agencies]
    for agency in agencies:
        tied(officer, agency, unit)
    with statements() as few:
        assert len(queries.findings(case, keys)) == 3
        queries.findings_between(keys, case.on)
    for agency in agencies:
        tied(officer, agency, unit, RelationKind.BOOKKEEPING)
    with statements() as many:
        assert len(queries.findings(case, [*keys, *range(10_000, 11_000)])) == 3
        queries.findings_between([*keys, *range(10_000, 11_000)], case.on)
    assert len(few) == len(many) <= 4


def test_the_pages_of_relations_and_links(officer, leader, sign_in):
    first = make_engagement()
    agency, unit = first.agency, unit_of(first)
    second = again(first)
    client = sign_in(officer)
    page, url = f"/agencies/{agency.id}/relations/new", f"/agencies/{agency.id}/relations"
    assert client.get(page).status_code == 200
    told = {"kind": "audit", "from_on": "2020-01-01", "source": "演示合同"}
    wrong = client.post(url, data={**told, "once": fresh_token()})
    assert wrong.status_code == 422
    assert "演示合同" in wrong.get_data(as_text=True)
    told |= {"organisation": str(unit.id), "once": fresh_token()}
    assert client.post(url, data=told).status_code == 302
    (relation,) = queries.relations_of(agency.id)
    home = f"/agencies/{agency.id}"
    assert "演示合同" in client.get(home).get_data(as_text=True)
    assert "登记了机构的关联关系" in client.get(home).text
    other_unit = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert "关联关系" not in other_unit.get(home).text, "whom it is tied to is for the bureau"
    listed = client.get(f"/conflicts?unit={unit.id}&project=x").get_data(as_text=True)
    assert agency.name in listed
    assert client.get("/agencies/relations/workbook").data[:2] == b"PK"
    withdrawal = f"/agencies/relations/{relation.id}"
    assert client.get(withdrawal).status_code == 200
    assert client.post(f"{withdrawal}/withdrawals", data={"reason": ""}).status_code == 422
    told = {"reason": "演示误录", "once": fresh_token()}
    assert client.post(f"{withdrawal}/withdrawals", data=told).status_code == 302
    (link,) = db.session.query(ConflictLink).filter_by(engagement_id=second.id)
    assert client.get(f"/conflicts/links/{link.id}").status_code == 404
    boss = sign_in(leader)
    assert boss.get(f"/conflicts/links/{link.id}").status_code == 200
    accept = f"/conflicts/links/{link.id}/acceptances"
    assert boss.post(accept, data={"reason": ""}).status_code == 422
    told = {"reason": "演示:已核", "once": fresh_token()}
    assert boss.post(accept, data=told).status_code == 302
    assert "演示:已核" in boss.get(f"/engagements/{second.id}").get_data(as_text=True)


def test_who_is_not_the_agency_reads_no_relation(officer, sign_in):
    agency, unit = AgencyFactory(), OrganisationFactory()
    tied(officer, agency, unit)
    for role in (Role.UNIT_OFFICER, Role.SECTION_OFFICER):
        client = sign_in(UserFactory(role=role))
        assert "演示合同" not in client.get(f"/agencies/{agency.id}").get_data(as_text=True)
        assert client.get("/conflicts").status_code == 403
        assert client.get(f"/agencies/{agency.id}/relations/new").status_code == 404


def test_links_that_wait_are_paged_and_none_is_left_out(session, officer, sign_in):
    engagement, found = make_engagement(), clock.now()
    session.add_all(
        ConflictLink(engagement=engagement, kind=LinkKind.SAME_ADDRESS, found_at=found,
                     facts={"others": [f"演示邻居{n:02}"]})
        for n in range(51)
    )  # fmt: skip
    session.commit()
    client = sign_in(officer)
    first = client.get("/conflicts").text
    assert "演示邻居50" in first
    assert "演示邻居00" not in first
    before = session.query(ConflictLink.id).filter_by(engagement_id=engagement.id)
    second = min(key for (key,) in before) + 1
    assert f'href="/conflicts?before={second}"' in first
    rest = client.get(f"/conflicts?before={second}").text
    assert "演示邻居00" in rest
    assert "演示邻居50" not in rest
