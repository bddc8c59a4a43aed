from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock, engagements
from app.amendments import contract, entering, joining, queries, services
from app.amendments.contract import Supplement
from app.amendments.models import Amendment, AmendmentKind, AmendmentState
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Role
from tests.amendments.asking import ask, later
from tests.factories import EvaluatorFactory, UserFactory, make_engagement


def agree(officer, amendment, words=""):
    with transaction():
        services.approve(officer, amendment, words)


def test_an_agreed_extension_moves_its_stage_and_those_after_and_keeps_the_plan(
    engagement, lead, officer, audited
):
    before = {stage.id: stage.due_on for stage in engagement.stages}
    first = engagement.current_stage
    asked = ask(lead, engagement)
    assert {s.id: s.due_on for s in engagement.stages} == before
    assert joining.tab(engagement, officer).count == 1
    days = clock.working_days_between(before[first.id], asked.ends_on)
    agree(officer, asked, "同意")
    for stage in engagement.stages:
        assert clock.working_days_between(before[stage.id], stage.due_on) == days
    assert queries.planned_days(engagement) == before
    facts = queries.facts_of([engagement.id])[engagement.id]
    assert (facts.extensions, facts.asked) == (1, 0)
    assert queries.facts_of_agency(engagement.agency_id).extensions == 1
    assert audited()[-2:] == ["amendment.extension_asked", "amendment.approved"]
    with pytest.raises(Conflict):
        services.approve(officer, asked)


def test_a_refused_extension_moves_nothing_and_says_why(engagement, lead, officer):
    due = engagement.current_stage.due_on
    asked = ask(lead, engagement)
    with pytest.raises(Invalid):
        services.refuse(officer, asked, " ")
    with transaction():
        services.refuse(officer, asked, "理由不充分")
    assert (engagement.current_stage.due_on, asked.state) == (due, AmendmentState.REFUSED)
    assert queries.facts_of_agency(engagement.agency_id).extensions_refused == 1
    kinds = {m.kind for m in db.session.query(Message).filter_by(user_id=lead.id)}
    assert "amendment_made" in kinds
    ask(lead, engagement)  # may be asked anew


def test_who_may_ask_and_decide(engagement, lead, member, officer):
    stage = engagement.current_stage
    for person in (member, officer, UserFactory(role=Role.LEAD_EVALUATOR)):
        with pytest.raises(Forbidden):
            services.ask_extension(person, stage, later(stage, 3), "等资料")
    asked = ask(lead, engagement)
    for person in (lead, UserFactory(role=Role.LEADER)):
        with pytest.raises(Forbidden):
            services.approve(person, asked)
    with pytest.raises(Conflict):
        ask(lead, engagement)
    with pytest.raises(IntegrityError):
        entering.added(engagement, AmendmentKind.EXTENSION, lead, reason="再请", stage=stage,
                       ends_before=stage.due_on, ends_on=later(stage, 2))  # fmt: skip


def test_an_extension_needs_a_later_day_and_a_reason(engagement, lead):
    stage = engagement.current_stage
    for day, reason in ((stage.due_on, "等资料"), (later(stage, 2), " ")):
        with pytest.raises(Invalid), transaction():
            services.ask_extension(lead, stage, day, reason)


def test_another_lead_evaluator_comes_only_by_approval_and_qualified(engagement, lead, officer):
    old = engagement.lead_evaluator
    today = clock.today()
    other = EvaluatorFactory(agency=engagement.agency)
    fresh = EvaluatorFactory(agency=engagement.agency, evaluating_since=today)
    for person in (fresh, EvaluatorFactory(), old):
        with pytest.raises(Invalid):
            services.ask_lead(lead, engagement, person, "原主评人离职")
    with transaction():
        asked = services.ask_lead(lead, engagement, other, "原主评人离职")
    assert engagement.lead_evaluator is old
    other.left_at = clock.now() - timedelta(days=2)
    db.session.commit()
    with pytest.raises(Invalid):  # who left in the meantime is not appointed
        agree(officer, asked)
    other.left_at = None
    db.session.commit()
    agree(officer, asked)
    assert engagement.lead_evaluator_id == other.id
    assert asked.evaluator_before_id == old.id
    assert queries.facts_of_agency(engagement.agency_id).lead_changes == 1


def supplement(officer, engagement, **told):
    with transaction():
        new = Supplement("补充协议〔2026〕1号", "增加评价范围", **told)
        return contract.add_supplement(officer, engagement, new)


def test_supplements_stay_within_a_tenth_of_the_first_fee_or_say_why(engagement, officer, lead):
    first = engagement.fee_fen
    supplement(officer, engagement, fee_fen=first * 106 // 100)
    with pytest.raises(Invalid):  # the two together pass a tenth
        supplement(officer, engagement, fee_fen=first * 111 // 100)
    assert engagement.fee_fen == first * 106 // 100
    made = supplement(officer, engagement, fee_fen=first * 111 // 100, over_basis="集体决策")
    assert (engagement.fee_fen, made.fee_before_fen) == (first * 111 // 100, first * 106 // 100)
    ends = engagement.ends_on + timedelta(days=20)
    supplement(officer, engagement, ends_on=ends)
    assert engagement.ends_on == ends
    with pytest.raises(Invalid):
        supplement(officer, engagement)
    with pytest.raises(Forbidden):
        supplement(lead, engagement, fee_fen=first)


def test_suspended_work_is_not_handed_in_and_goes_on_later(engagement, officer):
    due = {stage.id: stage.due_on for stage in engagement.stages}
    since = clock.today()
    with transaction():
        contract.suspend(officer, engagement, since, "预算调整")
    gates = engagements.submission_gates
    assert joining.suspended in gates
    assert joining.suspended(engagement.current_stage)
    with pytest.raises(Conflict):
        contract.suspend(officer, engagement, since, "预算调整")
    on = clock.add_working_days(since, 6)
    with clock.frozen(clock.start_of(on) + timedelta(hours=9)):
        with transaction():
            contract.resume(officer, engagement, on)
        assert joining.suspended(engagement.current_stage) is None
        with pytest.raises(Conflict):
            contract.resume(officer, engagement, on)
    for stage in engagement.stages:
        assert clock.working_days_between(due[stage.id], stage.due_on) == 6


def test_a_wrong_entry_is_put_right_with_what_stood_before(engagement, officer, lead, audited):
    before = engagement.name
    with transaction():
        made = contract.correct(officer, engagement, "name", "演示更正名称", reason="录入错误")
    assert (engagement.name, made.stood_before) == ("演示更正名称", before)
    assert audited()[-1] == "amendment.entry_corrected"
    for field, value in (("name", "演示更正名称"), ("fee_fen", "1"), ("signed_on", "x")):
        with pytest.raises(Invalid), transaction():
            contract.correct(officer, engagement, field, value, reason="录入错误")
    with pytest.raises(Invalid), transaction():
        day = engagement.ends_on + timedelta(days=1)
        contract.correct(officer, engagement, "signed_on", day, reason="录入错误")
    assert engagement.signed_on < engagement.ends_on
    with pytest.raises(Forbidden):
        contract.correct(lead, engagement, "name", "另名", reason="录入错误")


def test_the_contract_with_another_agency_goes_on_with_terminated_work(engagement, officer):
    new = make_engagement()
    with pytest.raises(Conflict):
        contract.name_successor(officer, engagement, new, "机构退出")
    engagement.terminated_at = clock.now()
    db.session.commit()
    with pytest.raises(Invalid):
        contract.name_successor(officer, engagement, engagement, "机构退出")
    with transaction():
        contract.name_successor(officer, engagement, new, "机构退出")
    assert queries.predecessor_of(new) is engagement
    with pytest.raises(Conflict):
        contract.name_successor(officer, engagement, new, "机构退出")


@pytest.mark.parametrize("role", sorted(Role))
def test_what_waits_and_the_policy_agree(session, engagement, lead, role):
    from app.policy import Permission, can

    one = ask(lead, engagement)
    home = engagement.client if role is Role.DEPARTMENT_OFFICER else None
    user = UserFactory(role=role, **({"organisation": home} if home else {}))
    told = [one] if can(user, Permission.AMENDMENT_DECIDE, one) else []
    assert list(session.scalars(queries.decidable_by(user))) == told


def test_facts_of_many_are_one_statement(engagement, lead, statements):
    ask(lead, engagement)
    keys = [engagement.id, make_engagement().id]
    with statements() as seen:
        told = queries.facts_of(keys)
    assert len(seen) == 1
    assert [told[key].asked for key in keys] == [1, 0]
    assert db.session.query(Amendment).count() == 1
