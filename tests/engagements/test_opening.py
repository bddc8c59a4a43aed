import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.models import OrganisationKind
from app.engagements import naming, queries
from app.engagements.models import Allowance, IssuedBy, ServiceType
from app.errors import Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Role
from tests.factories import (
    AgencyFactory,
    EvaluatorFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)


def service_type(session, code):
    return session.scalar(select(ServiceType).where(ServiceType.code == code))


def test_open_engagement_copies_the_template_and_begins(session, audited):
    engagement = make_engagement()

    assert engagement.code == "W2026-001"
    assert [s.code for s in engagement.stages] == [s.code for s in engagement.template.stages]
    assert engagement.current_stage.started_at is not None
    assert len(engagement.acceptance_items) == len(engagement.template.acceptance_items)
    assert audited() == ["engagement.opened"]
    assert make_engagement().code == "W2026-002"


def test_due_days_are_working_days_after_one_another(session):
    engagement = make_engagement(starts_on=date(2026, 9, 28), signed_on=date(2026, 9, 28))

    days = 0
    for told, stage in zip(engagement.template.stages, engagement.stages, strict=True):
        days += told.working_days
        assert stage.due_on == clock.add_working_days(date(2026, 9, 28), days)
        assert clock.is_working_day(stage.due_on)
    assert engagement.stages[0].due_on == date(2026, 10, 10)  # the holidays of October lie between


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PERFORMANCE_OFFICER])
def test_only_the_performance_section_opens(session, audited, role):
    with pytest.raises(Forbidden):
        make_engagement(actor=UserFactory(role=role), client=OrganisationFactory())

    assert audited() == []


def test_what_must_not_be_entrusted_is_refused(session):
    with pytest.raises(Invalid, match="财预〔2021〕6号"):
        make_engagement(service_type=service_type(session, "own_management"))


@pytest.mark.parametrize(
    "code", ["unit_self_evaluation", "target_setting", "performance_monitoring"]
)
def test_assistance_goes_out_in_the_clients_name_only(session, code):
    kind = service_type(session, code)
    assert kind.allowance is Allowance.ASSISTANCE
    with pytest.raises(Invalid, match="财预〔2021〕6号"):
        make_engagement(service_type=kind, issued_by=IssuedBy.AGENCY)

    assert make_engagement(service_type=kind, issued_by=IssuedBy.CLIENT).service_type is kind


@pytest.mark.parametrize("kind", [OrganisationKind.UNIT, OrganisationKind.DEPARTMENT])
def test_nobody_commissions_an_evaluation_of_itself(session, kind):
    client = OrganisationFactory(kind=kind)
    template = queries.template_in_force("departmental_evaluation")
    own, other = make_task(template, unit=client), make_task(template)
    with pytest.raises(Invalid):
        make_engagement("departmental_evaluation", client=client, tasks=[other, own])


def test_an_agency_is_never_the_client(session):
    agency = AgencyFactory()
    for client in (agency.organisation, AgencyFactory().organisation):
        with pytest.raises(Invalid):
            make_engagement(agency=agency, client=client)


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_at": None},
        {"working_since": date(2021, 3, 3), "evaluating_since": date(2022, 1, 4)},
        {"evaluating_since": date(2023, 3, 3)},
        {"evaluating_since": None},
        {"qualification": ""},
        {"left_at": datetime(2026, 1, 5, tzinfo=UTC)},
    ],
)
def test_an_unqualified_lead_evaluator_is_refused(session, changes):
    agency = AgencyFactory()
    person = EvaluatorFactory(agency=agency, **changes)
    with pytest.raises(Invalid):
        make_engagement(agency=agency, lead_evaluator=person)


def test_years_count_at_the_day_of_signature(session):
    agency = AgencyFactory()
    since = {"working_since": date(2021, 3, 2), "evaluating_since": date(2023, 3, 2)}
    make_engagement(agency=agency, lead_evaluator=EvaluatorFactory(agency=agency, **since))


def test_the_lead_evaluator_is_the_agencys_own(session):
    with pytest.raises(Invalid):
        make_engagement(agency=AgencyFactory(), lead_evaluator=EvaluatorFactory())


@pytest.mark.parametrize(
    "changes",
    [
        {"fee_fen": 0},
        {"fee_fen": -1},
        {"name": " "},
        {"ends_on": date(2026, 1, 1)},
        {"signed_on": date(2026, 3, 3)},
    ],
)
def test_terms_are_checked(session, changes):
    with pytest.raises(Invalid):
        make_engagement(**changes)


def test_tasks_follow_the_template(session):
    fiscal, research = (
        queries.template_in_force("fiscal_evaluation"),
        queries.template_in_force("research"),
    )
    for code, task in (
        ("fiscal_evaluation", make_task(fiscal, unit=None)),
        ("research", make_task(research, unit=OrganisationFactory())),
        ("fiscal_evaluation", make_task(fiscal, project=" ")),
        ("fiscal_evaluation", make_task(fiscal, amount_fen=-1)),
        ("fiscal_evaluation", make_task(fiscal, section=OrganisationFactory())),
    ):
        with pytest.raises(Invalid):
            make_engagement(code, tasks=[task])
    assert make_engagement("research").unit_ids == set()


def test_two_tasks_are_told_apart_by_project_or_unit(session):
    recheck = queries.template_in_force("recheck")
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    unit, other = OrganisationFactory(), OrganisationFactory()

    def task(project, unit):
        return make_task(recheck, project=project, unit=unit, section=section)

    told = [task("演示资金（一）", unit), task("演示资金", unit), task("演示资金", other)]
    assert len(make_engagement("recheck", tasks=told).tasks) == 3
    twins = [*told, task(" 演示资金(一) ", unit)]
    with pytest.raises(Invalid) as refusal:
        make_engagement("recheck", tasks=twins)
    assert refusal.value.field == "tasks"
    assert {"1", "4"} <= set(re.findall(r"\d+", str(refusal.value.message)))
    apart = naming.told_apart([*twins, twins[0]])
    assert [one.project for one in apart[3:]] == ["演示资金(一)（2）", "演示资金（一）（3）"]
    assert apart[:3] == told


def test_a_batch_holds_many_tasks(session):
    recheck = queries.template_in_force("recheck")
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    tasks = [make_task(recheck, section=section) for _ in range(40)]
    engagement = make_engagement("recheck", tasks=tasks)
    assert [task.number for task in engagement.tasks] == list(range(1, 41))


def test_all_who_have_a_part_are_told(session):
    agency = AgencyFactory()
    staff = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    stranger = UserFactory(role=Role.AGENCY_ADMIN)

    engagement = make_engagement(agency=agency)

    told = dict(session.execute(select(Message.user_id, Message.link)).all())
    assert told[staff.id] == f"/engagements/{engagement.id}"
    assert stranger.id not in told
