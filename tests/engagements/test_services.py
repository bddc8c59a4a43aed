from datetime import date

import pytest

from app import clock, engagements
from app.accounts.models import OrganisationKind
from app.engagements import acceptance, moves, queries, services
from app.engagements.acceptance import Finding
from app.engagements.models import AcceptanceOutcome
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from tests.engagements.walking import accept, findings, people_of, walk_to
from tests.factories import OrganisationFactory, UserFactory, make_engagement

SEVEN = (
    "fiscal_evaluation",
    "departmental_evaluation",
    "recheck",
    "ex_ante",
    "target_review",
    "indicator_system",
    "research",
)
MONDAY = date(2099, 6, 1)  # a Monday in a year without a notice


def test_seven_templates_ship(session):
    templates = session.scalars(queries.templates_in_force()).all()
    assert {template.code for template in templates} == set(SEVEN)
    for template in templates:
        assert sum(line["points"] for line in template.scoring_frame) == 100
        assert tuple(stage.code for stage in template.stages)[-4:] == moves.ENDING
        assert template.acceptance_items
        assert ("unit" in template.rating_parties) == template.needs_unit


@pytest.mark.parametrize("code", SEVEN)
def test_each_template_is_carried_to_closure(session, audited, code):
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    client = department if code == "departmental_evaluation" else None
    engagement = make_engagement(code, client=client)
    officer, lead = people_of(engagement)
    buyer = officer
    if client:
        buyer = UserFactory(role=Role.DEPARTMENT_OFFICER, organisation=client)

    walk_to(engagement, "acceptance", buyer, lead)
    accept(engagement, buyer)
    assert engagement.current_stage.code == "rating"
    moves.end_rating(officer, engagement)
    services.close_engagement(officer, engagement)

    assert engagement.closed_at is not None
    assert all(stage.approved_at is not None for stage in engagement.stages)
    assert audited()[-3:] == ["engagement.accepted", "stage.passed", "engagement.closed"]


def test_only_the_current_stage_moves(session):
    engagement = make_engagement()
    officer, lead = people_of(engagement)
    first, second = engagement.stages[:2]
    with pytest.raises(Conflict):
        services.submit_stage(lead, second)
    with pytest.raises(Conflict):
        services.approve_stage(officer, first)  # not submitted yet

    services.submit_stage(lead, first)
    with pytest.raises(Conflict):
        services.submit_stage(lead, first)
    services.approve_stage(officer, first)

    assert engagement.current_stage is second
    assert second.started_at is not None
    with pytest.raises(Conflict):
        services.approve_stage(officer, first)


def test_a_stage_is_returned_with_its_reason(session, audited):
    engagement = make_engagement()
    officer, lead = people_of(engagement)
    stage = engagement.current_stage
    services.submit_stage(lead, stage)
    with pytest.raises(Invalid):
        services.return_stage(officer, stage, "  ")

    services.return_stage(officer, stage, "资料清单缺少批复文件")

    assert (stage.submitted_at, stage.returned_count) == (None, 1)
    assert audited()[-1] == "stage.returned"
    services.submit_stage(lead, stage)


@pytest.mark.parametrize(
    "role", [Role.AGENCY_MEMBER, Role.UNIT_OFFICER, Role.LEADER, Role.INSPECTOR]
)
def test_others_neither_submit_nor_decide(session, audited, role):
    engagement = make_engagement()
    home = engagement.agency.organisation if role is Role.AGENCY_MEMBER else None
    person = UserFactory(role=role, **({"organisation": home} if home else {}))
    for act in (services.submit_stage, services.approve_stage):
        with pytest.raises(Forbidden):
            act(person, engagement.current_stage)
    with pytest.raises(Forbidden):
        services.return_stage(person, engagement.current_stage, "x")
    with pytest.raises(Forbidden):
        services.terminate(person, engagement, "x")
    with pytest.raises(Forbidden):
        services.close_engagement(person, engagement)
    assert audited() == ["engagement.opened"]


def test_another_agency_cannot_submit(session):
    with pytest.raises(Forbidden):
        services.submit_stage(
            UserFactory(role=Role.LEAD_EVALUATOR), make_engagement().current_stage
        )


def test_gates_say_what_is_missing(session, monkeypatch):
    engagement = make_engagement()
    officer, lead = people_of(engagement)
    stage = engagement.current_stage
    owed, opinions = ["缺少合同"], ["1 条意见未落实"]
    monkeypatch.setattr(engagements, "submission_gates", [lambda _s: "".join(owed) or None])
    monkeypatch.setattr(engagements, "gates", [lambda _s: "".join(opinions) or None])

    with pytest.raises(Conflict, match="缺少合同"):
        services.submit_stage(lead, stage)
    owed.clear()
    services.submit_stage(lead, stage)
    with pytest.raises(Conflict, match="1 条意见未落实"):
        services.approve_stage(officer, stage)
    opinions.clear()
    services.approve_stage(officer, stage)


@pytest.mark.parametrize("code", ["acceptance", "rating"])
def test_special_stages_end_by_their_own_decision(session, code):
    engagement = make_engagement("research")
    officer, lead = people_of(engagement)
    walk_to(engagement, "acceptance", officer, lead)
    with pytest.raises(Conflict):
        services.submit_stage(lead, engagement.current_stage)
    with pytest.raises(Conflict):
        services.approve_stage(officer, engagement.current_stage)
    with pytest.raises(Conflict):
        services.close_engagement(officer, engagement)


def at_acceptance(code="research"):
    engagement = make_engagement(code)
    officer, lead = people_of(engagement)
    walk_to(engagement, "acceptance", officer, lead)
    return engagement, officer, lead


def test_acceptance_waits_for_its_stage_and_the_report(session, monkeypatch):
    engagement = make_engagement()
    officer, _lead = people_of(engagement)
    with pytest.raises(Conflict):
        accept(engagement, officer)
    engagement, officer, _lead = at_acceptance()
    monkeypatch.setattr(engagements, "acceptance_gates", [lambda _e: "尚未提交正式报告"])
    with pytest.raises(Conflict, match="尚未提交正式报告"):
        accept(engagement, officer)


def test_every_item_needs_its_finding_and_must_be_met(session):
    engagement, officer, _lead = at_acceptance()
    complete = findings(engagement)
    for wrong in ([], complete[1:], [*complete, complete[0]], [*complete[1:], Finding(0, True)]):
        with pytest.raises(Invalid):
            acceptance.accept(officer, engagement, wrong)
    one_missing = [Finding(complete[0].item_id, is_met=False), *complete[1:]]
    with pytest.raises(Invalid):
        acceptance.accept(officer, engagement, one_missing)

    decision = acceptance.accept(officer, engagement, complete)

    assert decision.outcome is AcceptanceOutcome.ACCEPTED
    assert len(decision.findings) == len(complete)
    assert not engagement.is_open
    with pytest.raises(Conflict):
        acceptance.accept(officer, engagement, complete)


def test_rework_goes_back_to_the_final_report(session, audited):
    engagement, officer, lead = at_acceptance("fiscal_evaluation")
    report = moves.stage_of(engagement, "final_report")
    planned = {stage.code: stage.due_on for stage in engagement.stages}
    not_met = findings(engagement, met=False)
    for due_on in (clock.today(), date(2099, 5, 30)):
        with pytest.raises(Invalid):
            acceptance.refuse_for_rework(
                officer, engagement, not_met, reasons="数据有误", due_on=due_on
            )
    for reasons, found in ((" ", not_met), ("数据有误", findings(engagement))):
        with pytest.raises(Invalid):
            acceptance.refuse_for_rework(officer, engagement, found, reasons=reasons, due_on=MONDAY)

    acceptance.refuse_for_rework(officer, engagement, not_met, reasons="数据有误", due_on=MONDAY)

    assert engagement.current_stage is report
    assert (report.submitted_at, report.approved_at, report.due_on) == (None, None, MONDAY)
    assert (engagement.refusal_count, engagement.rework_due_on) == (1, MONDAY)
    for code in ("acceptance", "rating", "archive"):
        before = clock.working_days_between(planned["final_report"], planned[code])
        moved = moves.stage_of(engagement, code).due_on
        assert clock.working_days_between(MONDAY, moved) == before
    assert audited()[-1] == "engagement.returned_for_rework"

    walk_to(engagement, "acceptance", officer, lead)
    assert accept(engagement, officer).round == 2
    assert engagement.refusal_count == 1


def test_final_refusal_ends_the_work(session, monkeypatch):
    heard = []
    monkeypatch.setattr(engagements, "on_ended", [lambda a, e: heard.append((a, e))])
    engagement, officer, _lead = at_acceptance()

    acceptance.refuse_finally(officer, engagement, findings(engagement, met=False), reasons="抄袭")

    assert engagement.refused_at is not None
    assert engagement.refusal_count == 1
    assert engagement.current_stage.code == "rating"
    assert heard == [(officer, engagement)]
    moves.end_rating(officer, engagement)
    services.close_engagement(officer, engagement)


def test_acceptance_tells_its_listeners_once(session, monkeypatch):
    heard, ended = [], []
    monkeypatch.setattr(engagements, "on_accepted", [lambda _a, e: heard.append(e)])
    monkeypatch.setattr(engagements, "on_ended", [lambda _a, e: ended.append(e)])
    engagement, officer, _lead = at_acceptance()
    accept(engagement, officer)
    assert (heard, ended) == ([engagement], [])


@pytest.mark.parametrize("role", [Role.LEAD_EVALUATOR, Role.SECTION_OFFICER, Role.LEADER])
def test_only_the_commissioning_party_accepts(session, role):
    engagement, _officer, lead = at_acceptance()
    person = lead if role is Role.LEAD_EVALUATOR else UserFactory(role=role)
    with pytest.raises(Forbidden):
        accept(engagement, person)


def test_a_departments_own_commission_is_not_accepted_by_the_bureau(session):
    client = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    engagement = make_engagement("departmental_evaluation", client=client)
    officer, lead = people_of(engagement)
    walk_to(engagement, "acceptance", officer, lead)
    with pytest.raises(Forbidden):
        accept(engagement, officer)
    accept(engagement, UserFactory(role=Role.DEPARTMENT_OFFICER, organisation=client))


def test_termination_needs_a_reason_and_opens_reviews(session, audited, monkeypatch):
    heard = []
    monkeypatch.setattr(engagements, "on_ended", [lambda _a, e: heard.append(e)])
    engagement = make_engagement()
    officer, lead = people_of(engagement)
    with pytest.raises(Invalid):
        services.terminate(officer, engagement, "")

    services.terminate(officer, engagement, "政策调整,项目取消")

    assert heard == [engagement]
    assert engagement.current_stage.code == "rating"
    assert audited()[-1] == "engagement.terminated"
    for act in (
        lambda: services.terminate(officer, engagement, "x"),
        lambda: services.submit_stage(lead, engagement.stages[0]),
    ):
        with pytest.raises(Conflict):
            act()


def test_an_engagement_closes_once(session):
    engagement, officer, _lead = at_acceptance()
    accept(engagement, officer)
    moves.end_rating(officer, engagement)
    moves.end_rating(officer, engagement)  # nothing more to end
    services.close_engagement(officer, engagement)
    with pytest.raises(Conflict):
        services.close_engagement(officer, engagement)
