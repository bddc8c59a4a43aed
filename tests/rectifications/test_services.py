from datetime import timedelta

import pytest

from app import clock
from app.db import db, transaction
from app.engagements import tabs
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from app.rectifications import joining, queries, services
from app.rectifications.models import RectificationNotice, RectificationState
from app.rectifications.services import NewFinding
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.papers.filing import stored
from tests.rectifications.notices import TWO, accepted, confirm, issued, report
from tests.requests.making import officer_of_unit


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


@pytest.fixture
def notice(officer, engagement, unit):
    return issued(officer, engagement)


def at(day):
    return clock.frozen(clock.start_of(day) + timedelta(hours=10))


def test_findings_are_red_until_each_is_confirmed(notice, unit, officer, engagement, audited):
    assert [item.due_on for item in notice.items] == [
        clock.add_working_days(clock.today(), days) for days in (10, 3)
    ]
    assert joining.tab(engagement, officer).count == 2
    for item in notice.items:
        report(unit, item, f"已整改{item.number}")
    assert joining.tab(engagement, officer).tone == "bad"
    for item in notice.items:
        confirm(officer, item)
    found = joining.tab(engagement, officer)
    assert (found.count, found.tone) == (0, "")
    assert joining.tab in tabs
    told = [event for event in audited() if event.startswith("rectification.")]
    assert told[0] == "rectification.issued"
    assert told[-2:] == ["rectification.confirmed"] * 2


def test_before_acceptance_there_is_no_notice(officer, engagement):
    assert joining.tab(engagement, officer) is None
    assert not can(officer, Permission.RECTIFICATION_ISSUE, engagement)
    accepted(engagement)
    assert can(officer, Permission.RECTIFICATION_ISSUE, engagement)
    assert joining.tab(engagement, officer).count == 0


def test_a_notice_needs_its_findings_and_its_unit(officer, engagement):
    for findings in (
        (),
        (NewFinding(" "),),
        (NewFinding("x", amount_fen=-1),),
        (NewFinding("x", working_days=0),),
    ):
        with pytest.raises(Invalid):
            issued(officer, engagement, findings)
    with pytest.raises(Invalid):
        issued(officer, engagement, unit=OrganisationFactory())


def test_a_report_that_does_not_do_comes_back_and_delays_add_up(notice, unit, officer):
    item = notice.items[1]
    with at(clock.add_working_days(item.due_on, 2)):
        report(unit, item)
        for words, days in ((" ", 5), ("缺凭证", 0)):
            with pytest.raises(Invalid):
                services.return_item(officer, item, words, days)
        with transaction():
            services.return_item(officer, item, "缺凭证", 5)
    assert (item.state, item.late_days) == (RectificationState.RETURNED, 2)
    with at(clock.add_working_days(item.due_on, 1)):
        report(unit, item, "已补凭证")
    assert item.late_days == 3
    confirm(officer, item)
    with pytest.raises(Conflict):
        services.return_item(officer, item, "再看", 5)


def test_only_the_unit_reports_and_only_the_section_decides(notice, unit, officer, lead):
    item = notice.items[0]
    for person in (officer, lead, UserFactory(role=Role.UNIT_OFFICER)):
        with pytest.raises(Forbidden):
            services.report_item(person, item, "已整改")
    with pytest.raises(Invalid):
        services.report_item(unit, item, " ")
    with pytest.raises(Conflict):
        services.confirm_item(officer, item)
    report(unit, item)
    with pytest.raises(Forbidden):
        services.confirm_item(unit, item)
    with pytest.raises(Conflict):
        services.add_evidence(unit, item, stored(b"late", "b.pdf"))


def test_the_same_evidence_is_there_once(notice, unit):
    item = notice.items[0]
    with transaction():
        services.add_evidence(unit, item, stored(b"a", "a.pdf"))
    with pytest.raises(Conflict):
        services.add_evidence(unit, item, stored(b"a", "b.pdf"))


def test_the_bureau_and_the_department_above_remind_once_a_day(notice, unit, officer):
    department = OrganisationFactory()
    notice.unit.department = department
    db.session.commit()
    above = UserFactory(role=Role.DEPARTMENT_OFFICER, organisation=department)
    with transaction():
        assert services.remind_unit(above, notice).items == 2
    with pytest.raises(Conflict):
        services.remind_unit(officer, notice)
    kinds = [m.kind for m in db.session.query(Message).filter_by(user_id=above.id)]
    assert kinds == ["rectification_reminded"]
    for item in notice.items:
        report(unit, item, f"已整改{item.number}")
    with at(clock.today() + timedelta(days=1)), pytest.raises(Conflict):
        services.remind_unit(officer, notice)


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, engagement, officer, role):
    unit = engagement.tasks[0].unit
    unit.department, unit.finance_office = OrganisationFactory(), OrganisationFactory()
    issued(officer, engagement)
    issued(officer, make_engagement())
    homes = {
        Role.UNIT_OFFICER: unit,
        Role.DEPARTMENT_OFFICER: unit.department,
        Role.FINANCE_OFFICE_OFFICER: unit.finance_office,
        Role.SECTION_OFFICER: engagement.tasks[0].section,
        Role.LEAD_EVALUATOR: engagement.agency.organisation,
    }
    everything = session.query(RectificationNotice).order_by(RectificationNotice.id).all()
    for home in (homes.get(role), None):
        user = UserFactory(role=role, **({"organisation": home} if home else {}))
        query = queries.notices_visible_to(user).order_by(RectificationNotice.id)
        told = [one for one in everything if can(user, Permission.RECTIFICATION_READ, one)]
        assert list(session.scalars(query)) == told
        items = session.scalars(queries.items_visible_to(user)).all()
        assert len(items) == len(TWO) * len(told)


def test_facts_of_many_are_one_statement(notice, unit, officer, statements):
    report(unit, notice.items[0])
    keys = [notice.engagement_id, make_engagement().id]
    with at(clock.add_working_days(notice.items[1].due_on, 1)), statements() as seen:
        told = queries.facts_of(keys)
    assert len(seen) == 1
    assert told[keys[0]] == queries.RectificationFacts(2, 2, 1, 1, 12_345_600)
    assert told[keys[1]] == queries.RectificationFacts()
