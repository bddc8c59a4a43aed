"""Ledgers come in whole or not at all, and every wrong cell is told."""

import io
from datetime import date

import openpyxl
import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.accounts import passwords
from app.accounts.models import Organisation, OrganisationKind, User
from app.agencies.models import Agency, Evaluator
from app.db import transaction
from app.engagements.models import Engagement
from app.engagements.queries import template_in_force
from app.errors import Forbidden
from app.notifications.models import Message
from app.onboarding import services
from app.onboarding.labels import words_of
from app.onboarding.ledgers import LEDGERS
from app.onboarding.queries import held
from app.policy import Role
from app.tabular import FaultyTable
from app.web import fresh_token
from tests.factories import AgencyFactory, EvaluatorFactory, OrganisationFactory, UserFactory

CODE = "91330304MA2DEM0179"


def workbook(ledger, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column.heads[0] for column in LEDGERS[ledger].columns.values()])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(officer, ledger, *rows):
    with transaction():
        return services.import_ledger(officer, LEDGERS[ledger], workbook(ledger, rows))


def faults_of(officer, ledger, *rows):
    with pytest.raises(FaultyTable) as refusal:
        bring(officer, ledger, *rows)
    return [(fault.row, fault.column) for fault in refusal.value.faults]


@pytest.fixture
def officer(session):
    return UserFactory()


def test_a_unit_may_stand_before_its_department(officer, session):
    rows = (
        ("演示学校", "unit", CODE, "演示教育局", None),
        ("演示教育局", "department", *[None] * 3),
    )
    assert bring(officer, "organisations", *rows) == 2
    unit = session.scalar(select(Organisation).where(Organisation.name == "演示学校"))
    assert (unit.department.name, unit.credit_code) == ("演示教育局", CODE)


@pytest.mark.parametrize("reader", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", ["预算单位", "Budget unit", "unit"])
def test_a_cell_holds_the_words_of_any_language(reader, kind, officer, session):
    with force_locale(reader):
        assert bring(officer, "organisations", ("演示学校", kind, None, None, None)) == 1


def test_every_wrong_cell_of_units_is_told(officer, session, audited):
    OrganisationFactory(name="演示旧单位")
    before = session.scalar(select(func.count()).select_from(Organisation)), audited()
    rows = (
        ("演示甲", "unit", None, None, None),
        ("演示甲", "unit", None, None, None),
        ("演示旧单位", "unit", None, None, None),
        ("演示乙", "castle", None, None, None),
        ("演示丙", "unit", "91330304MA2DEM0178", None, None),
        ("演示丁", "unit", None, "演示无此局", None),
        (None, "unit", None, None, None),
    )
    told = faults_of(officer, "organisations", *rows)
    assert told == [(3, "A"), (4, "A"), (5, "B"), (6, "C"), (7, "D"), (8, "A")]
    assert (session.scalar(select(func.count()).select_from(Organisation)), audited()) == before


def test_all_37_of_500_people_are_told_and_nobody_is_half_there(officer, session, audited):
    """The same code takes 5,000; that many are the nightly's."""
    expect_all_faults(officer, session, audited, 500)


@pytest.mark.nightly
def test_all_37_of_5000_people_are_told(officer, session, audited):
    expect_all_faults(officer, session, audited, 5000)


def expect_all_faults(officer, session, audited, count):
    home = OrganisationFactory(name="演示单位甲")
    wrong = set(range(5, count, count // 37))
    wrong = set(sorted(wrong)[:37])
    rows = []
    for n in range(count):
        row = [f"演示人员{n}", f"demo.p{n}", home.name, "unit_officer", None]
        if n in wrong:
            place, value = [(1, "中文"), (2, "演示无"), (3, "leader"), (0, None)][n % 4]
            row[place] = value
        rows.append(row)
    before = session.scalar(select(func.count()).select_from(User)), audited()
    told = faults_of(officer, "people", *rows)
    assert len(told) == 37
    assert {row - 2 for row, _column in told} == wrong
    assert (session.scalar(select(func.count()).select_from(User)), audited()) == before


def test_people_wait_for_their_slips(officer, session, audited):
    home = OrganisationFactory(name="演示单位乙")
    bring(officer, "people", ("演示人员", "Demo.One", home.name, "unit_officer", None))
    user = session.scalar(select(User).where(User.login == "demo.one"))
    assert (user.organisation_id, user.role) == (home.id, Role.UNIT_OFFICER)
    assert user.password_hash == passwords.NONE_YET
    assert audited()[-2:] == ["account.opened", "ledger.imported"]
    assert faults_of(officer, "people", ("演示", "demo.one", home.name, "unit_officer", None)) == [
        (2, "B")
    ]


def test_an_evaluators_account_is_their_own_where_the_name_is_plain(officer, session):
    """The ledger of evaluators came before the people's: who is meant is not asked twice."""
    person = EvaluatorFactory()
    twins = [EvaluatorFactory(agency=person.agency, name="演示同名") for _n in range(2)]
    home = person.agency.name
    lead = ("lead_evaluator", None)
    bring(
        officer,
        "people",
        (person.name, "demo.lead", home, *lead),
        ("演示同名", "demo.twin", home, *lead),
    )
    assert person.user.login == "demo.lead"
    assert [one.user_id for one in twins] == [None, None], "which of two is not guessed"


def test_a_section_officer_of_the_ledger_gets_no_power_over_the_bureau(officer, session):
    home = officer.organisation.name
    told = faults_of(officer, "people", ("演示", "demo.two", home, "security_admin", None))
    assert told == [(2, "D")]


def test_agencies_and_their_leads_come_in(officer, session):
    told = ("演示新机构", CODE, "accounting", "演示法人", None, None, date(2015, 3, 2), None)
    bring(officer, "agencies", told)
    agency = session.scalar(select(Agency))
    assert agency.name == "演示新机构"
    leads = (
        ("演示老手", agency.name, "注册会计师", date(2012, 7, 1), date(2016, 7, 1)),
        ("演示新手", agency.name, "注册会计师", date(2026, 1, 5), None),
    )
    bring(officer, "evaluators", *leads)
    found = session.scalars(select(Evaluator).order_by(Evaluator.id)).all()
    assert [one.confirmed_at is not None for one in found] == [True, False]
    assert faults_of(officer, "evaluators", leads[0]) == [(2, "A")]
    assert faults_of(officer, "agencies", told) == [(2, "A")]


class Contract:
    def __init__(self, officer):
        self.agency = AgencyFactory()
        self.lead = EvaluatorFactory(agency=self.agency)
        self.unit = OrganisationFactory()
        self.section = OrganisationFactory(kind=OrganisationKind.SECTION)
        self.client = officer.organisation
        self.template = template_in_force("fiscal_evaluation")

    def row(self, **changes):
        told = {
            "number": "演示-01",
            "name": "演示绩效评价",
            "template": self.template.name,
            "agency": self.agency.name,
            "lead_evaluator": self.lead.name,
            "client": self.client.name,
            "fee": "80,000.50",
            "signed_on": date(2026, 3, 2),
            "ends_on": date(2026, 12, 31),
            "project": "演示项目",
            "amount": 5_000_000,
            "section": self.section.name,
            "unit": self.unit.name,
            "starts_on": None,
            "issued_by": None,
            "stage": None,
            "finished_on": None,
            **changes,
        }
        return tuple(told[name] for name in LEDGERS["engagements"].columns)


def test_a_running_engagement_goes_on_where_it_stands(officer, session, audited):
    contract = Contract(officer)
    stage = contract.template.stages[2]
    rows = (contract.row(stage=stage.name), contract.row(stage=stage.name, project="演示项目二"))
    bring(officer, "engagements", *rows)
    made = session.scalar(select(Engagement))
    assert (len(made.tasks), made.fee_fen, made.is_open) == (2, 8_000_050, True)
    assert made.current_stage.code == stage.code
    assert [one.approved_at is not None for one in made.stages[:4]] == [True, True, False, False]
    expected = ["engagement.opened", "engagement.taken_over", "ledger.imported"]
    assert audited()[-3:] == expected
    assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_finished_engagement_comes_in_closed(officer, session, sign_in):
    contract = Contract(officer)
    bring(officer, "engagements", contract.row(finished_on=date(2026, 9, 1)))
    made = session.scalar(select(Engagement))
    assert not made.is_open
    assert made.closed_at == made.accepted_at
    assert all(stage.approved_at for stage in made.stages)
    client = sign_in(officer)
    assert client.get(f"/engagements/{made.id}").status_code == 200
    assert client.get("/engagements").status_code == 200


def test_a_project_that_stands_twice_in_a_contract_is_told_at_its_row(officer, session):
    contract = Contract(officer)
    rows = [contract.row(), contract.row(project="演示项目二"), contract.row(project="演示项目 ")]
    (row, letter), *others = faults_of(officer, "engagements", *rows)
    assert (row, others) == (4, [])
    assert letter == letter_of("project")
    assert session.scalar(select(func.count()).select_from(Engagement)) == 0


def letter_of(column):
    return "ABCDEFGHIJKLMNOPQ"[list(LEDGERS["engagements"].columns).index(column)]


def test_every_wrong_cell_of_contracts_is_told(officer, session):
    contract = Contract(officer)
    rows = (
        contract.row(number="a", agency="演示无"),
        contract.row(number="b", lead_evaluator="演示无"),
        contract.row(number="c", template="演示无"),
        contract.row(number="d", client=contract.unit.name),
        contract.row(number="e", section="演示无"),
        contract.row(number="f", stage="演示无"),
        contract.row(number="g", finished_on=date(2026, 3, 1)),
        contract.row(number="h", fee="many"),
        contract.row(number="i"),
        contract.row(number="i", name="演示另一个"),
    )
    told = faults_of(officer, "engagements", *rows)
    letters = [letter for _row, letter in told]
    assert [row for row, _letter in told] == [2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert letters == ["D", "E", "C", "F", "L", "P", "Q", "G", "B"]
    assert session.scalar(select(func.count()).select_from(Engagement)) == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.AGENCY_ADMIN, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("ledger", LEDGERS)
def test_only_the_performance_section_brings_ledgers_in(role, ledger, session):
    with pytest.raises(Forbidden):
        bring(UserFactory(role=role), ledger, ("x",))


def test_the_page_of_a_ledger(sign_in, officer, session):
    client = sign_in(officer)
    before = held()
    EvaluatorFactory()
    assert {name: held()[name] - n for name, n in before.items()} == {
        "organisations": 0, "agencies": 1, "evaluators": 1, "people": 0, "engagements": 0
    }  # fmt: skip
    assert list(before) == list(LEDGERS)
    for name in LEDGERS:
        page = client.get(f"/first-month/ledgers/{name}")
        assert page.status_code == 200
        heads = [column.heads[0] for column in LEDGERS[name].columns.values()]
        example = dict(zip(heads, LEDGERS[name].example, strict=False))
        for head, words in words_of(name):
            assert str(words[0]) in page.text, "which words a cell may hold stands on the page"
            assert example.get(head) in {None, *map(str, words)}, "the example can be taken in"
        assert client.get(f"/first-month/ledgers/{name}/workbook").status_code == 200
    assert client.get("/first-month/ledgers/nothing").status_code == 404
    row = ("演示学校", "unit", None, "演示无此局", None)

    def send(data):
        told = {"file": (io.BytesIO(data), "单位.xlsx"), "once": fresh_token()}
        return client.post("/first-month/ledgers/organisations", data=told)

    refused = send(workbook("organisations", [row]))
    assert refused.status_code == 422
    assert "<td" in refused.get_data(as_text=True)
    assert send(b"not a workbook").status_code == 422
    assert client.post("/first-month/ledgers/organisations", data={}).status_code == 422
    assert send(workbook("organisations", [(row[0], "unit", *[None] * 3)])).status_code == 302
