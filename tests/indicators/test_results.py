"""What results do to budgets, and that the year's sums are those of its rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import clock
from app.accounts.models import OrganisationKind
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.indicators import queries, results
from app.indicators.grading import Bands, Grade
from app.indicators.models import ResultUse
from app.indicators.results import BudgetDecision, Proposal
from app.policy import Permission, Role, can
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.indicators.making import D, evidence, full_scores, score

BUREAU = (
    Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR, Role.ARCHIVIST, Role.EXPERT,
    Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
)  # fmt: skip


def accepted(engagement):
    engagement.accepted_at = clock.now()
    db.session.commit()
    return engagement


def proposed(person, task, year=2027, fen=12_345_67, **more):
    told = {"basis": "支出范围不合规", "score": D("75.5")}
    with transaction():
        proposal = Proposal(year, fen, **{**told, **more})
        return results.propose_result(person, task, proposal, Bands())


def decided(person, row, fen=10_000_00, number="演示财绩〔2026〕12号"):
    with transaction():
        told = BudgetDecision(fen, number, "演示区财政局局长办公会", date(2026, 11, 2))
        results.decide_result(person, row, told)
    return row


def test_score_and_grade_are_those_of_the_sheet(system, lead, officer, engagement, audited):
    evidence(lead, engagement)
    score(lead, system, full_scores(system, "C-05", less="8.2"))
    row = proposed(officer, accepted(engagement).tasks[0], score=D(10))
    assert (row.score, row.grade) == (D("91.80"), Grade.EXCELLENT)
    assert audited()[-1] == "result.proposed"


def test_without_a_sheet_the_score_of_the_report_is_entered(engagement, officer):
    task = accepted(engagement).tasks[0]
    for wrong in (None, D(101), D("-1"), D("75.555"), D("NaN")):
        with pytest.raises(Invalid):
            proposed(officer, task, score=wrong)
    row = proposed(officer, task, score=D("79.99"))
    assert (row.score, row.grade, row.proposed_cut_fen) == (D("79.99"), Grade.FAIR, 1_234_567)


def test_results_are_used_after_acceptance(engagement, officer):
    with pytest.raises(Conflict):
        proposed(officer, engagement.tasks[0])


@pytest.mark.parametrize("wrong", [{"year": 1999}, {"fen": -1}, {"fen": 10**14}, {"basis": " "}])
def test_a_proposal_has_its_rules(engagement, officer, wrong):
    with pytest.raises(Invalid):
        proposed(officer, accepted(engagement).tasks[0], **wrong)


def test_no_cut_needs_no_basis(engagement, officer):
    assert proposed(officer, accepted(engagement).tasks[0], fen=0, basis="").basis == ""


def test_one_living_row_a_task_and_year(engagement, officer):
    task = accepted(engagement).tasks[0]
    row = proposed(officer, task)
    with pytest.raises(Conflict, match="2027|budget year|预算年度"):
        proposed(officer, task)
    proposed(officer, task, year=2028)
    with transaction():
        results.void_result(officer, row, "金额有误")
    assert proposed(officer, task, fen=1).voided_at is None


def test_the_section_in_charge_proposes_and_the_performance_section_decides(engagement, officer):
    task = accepted(engagement).tasks[0]
    section = UserFactory(role=Role.SECTION_OFFICER, organisation=task.section)
    row = proposed(section, task)
    with pytest.raises(Forbidden):
        decided(section, row)
    decided(officer, row)
    assert (row.decided_cut_fen, row.decision_no) == (1_000_000, "演示财绩〔2026〕12号")
    with pytest.raises(Conflict):
        decided(officer, row)


def test_a_decision_is_named(engagement, officer):
    row = proposed(officer, accepted(engagement).tasks[0])
    tomorrow = clock.today() + timedelta(days=1)
    for wrong in (
        BudgetDecision(1, "", "某会", date(2026, 1, 5)),
        BudgetDecision(1, "演示〔2026〕1号", " ", date(2026, 1, 5)),
        BudgetDecision(-1, "演示〔2026〕1号", "某会", date(2026, 1, 5)),
        BudgetDecision(1, "演示〔2026〕1号", "某会", tomorrow),
    ):
        with pytest.raises(Invalid), transaction():
            results.decide_result(officer, row, wrong)


def test_a_voided_row_stays_and_moves_no_more(engagement, officer):
    row = proposed(officer, accepted(engagement).tasks[0])
    with pytest.raises(Invalid), transaction():
        results.void_result(officer, row, "")
    with transaction():
        results.void_result(officer, row, "重复")
    with pytest.raises(Conflict):
        decided(officer, row)
    assert row in queries.results_of(engagement)


def test_the_years_sums_are_those_of_its_rows(session, officer, statements):
    for number in range(4):
        engagement = accepted(make_engagement())
        row = proposed(
            officer, engagement.tasks[0], fen=1_000_01 * number, score=D(60 + number * 11)
        )
        if number % 2:
            decided(officer, row, fen=99_99)
    voided = proposed(officer, accepted(make_engagement()).tasks[0], fen=77)
    with transaction():
        results.void_result(officer, voided, "作废")
    proposed(officer, engagement.tasks[0], year=2028)
    rows = queries.ledger_of_year(officer, 2027)
    session.expunge_all()
    with statements() as sent:
        totals = queries.totals_of_year(officer, 2027)
    assert len(sent) == 1
    assert totals.rows == len(rows) == 4
    assert totals.proposed_fen == sum(row.proposed_cut_fen for row in rows) == 600_006
    assert totals.decided_fen == sum(row.decided_cut_fen or 0 for row in rows) == 19_998
    assert totals.undecided == sum(row.decided_on is None for row in rows) == 2
    grades = [row.grade for row in rows]
    assert totals.grades == {grade: grades.count(grade) for grade in set(grades)}
    assert queries.budget_years(officer) == [2028, 2027]


def everybody(engagements):
    people = [UserFactory(role=role) for role in BUREAU]
    for one in engagements:
        task = one.tasks[0]
        places = [
            (Role.AGENCY_ADMIN, one.agency.organisation),
            (Role.AGENCY_MEMBER, one.agency.organisation),
            (Role.UNIT_OFFICER, task.unit),
            (Role.SECTION_OFFICER, task.section),
            (Role.DEPARTMENT_OFFICER, one.client),
        ]
        people += [UserFactory(role=role, organisation=place) for role, place in places]
    return people


@pytest.fixture
def two_engagements(session):
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    return [make_engagement(), make_engagement("departmental_evaluation", client=department)]


def test_lists_agree_with_the_policy_for_every_kind_of_person(two_engagements, officer, session):
    from tests.indicators.making import begun
    from tests.papers.filing import crew_of

    systems = [begun(crew_of(one)[0], one) for one in two_engagements]
    made = [proposed(officer, accepted(one).tasks[0]) for one in two_engagements]
    for person in everybody(two_engagements):
        allowed = {one.id for one in made if can(person, Permission.RESULT_READ, one)}
        listed = set(
            session.scalars(queries.results_visible_to(person).with_only_columns(ResultUse.id))
        )
        assert listed == allowed, person.role
        assert {one.id for one in queries.ledger_of_year(person, 2027)} == allowed
        totals = queries.totals_of_year(person, 2027)
        if can(person, Permission.RESULT_LIST, None):
            assert totals.rows == len(allowed)
        readable = {one.id for one in systems if can(person, Permission.INDICATOR_READ, one)}
        assert {one.id for one in session.scalars(queries.systems_visible_to(person))} == readable


def test_points_are_never_rounded_on_the_way(session, officer, engagement):
    row = proposed(officer, accepted(engagement).tasks[0], score=D("89.50"))
    session.expire_all()
    assert (row.score, row.grade) == (Decimal("89.50"), Grade.GOOD)
