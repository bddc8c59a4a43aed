from datetime import timedelta

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from app.requests import filing, queries, services
from app.requests.lateness import late_days
from app.requests.models import DocumentRequest, ItemState
from app.requests.services import NewItem
from tests.factories import OrganisationFactory, UserFactory, make_engagement, make_task
from tests.papers.filing import crew_of
from tests.requests.making import TWO, draft, officer_of_unit, sent, supply


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


@pytest.fixture
def asked(lead, engagement, unit):
    return sent(lead, engagement)


def messages_of(user):
    return db.session.query(Message).filter_by(user_id=user.id).order_by(Message.id).all()


def at(day):
    return clock.frozen(clock.start_of(day) + timedelta(hours=10))


def test_a_draft_is_seen_by_its_agency_alone(lead, engagement, unit, officer):
    made = draft(lead, engagement)
    assert can(lead, Permission.DOCUMENT_REQUEST_READ, made)
    for stranger in (unit, officer):
        assert not can(stranger, Permission.DOCUMENT_REQUEST_READ, made)
    assert made.items[0].due_on is None


def test_days_are_counted_from_the_sending(asked, unit, audited):
    assert [item.due_on for item in asked.items] == [
        clock.add_working_days(clock.today(), days) for days in (5, 3)
    ]
    assert {item.state for item in asked.items} == {ItemState.WANTED}
    assert [m.kind for m in messages_of(unit)][-1] == "documents_requested"
    assert audited()[-2:] == ["document_request.drawn_up", "document_request.sent"]


def test_a_list_is_sent_once_and_never_empty(lead, engagement, asked):
    with pytest.raises(Conflict):
        services.send_request(lead, asked)
    with pytest.raises(Invalid):
        services.send_request(lead, draft(lead, engagement, items=()))


def test_only_the_lead_draws_up(member, engagement):
    with pytest.raises(Forbidden):
        draft(member, engagement)


def test_what_came_is_supplied_and_confirmed(asked, unit, member, audited):
    item = asked.items[0]
    file = supply(unit, item)
    assert item.state is ItemState.SUPPLIED
    assert (file.sent_by, file.size) == (unit, 10)
    with transaction():
        services.confirm_item(member, item)
    assert item.state is ItemState.CONFIRMED
    assert audited()[-2:] == ["document_request.supplied", "document_request.confirmed"]


def test_the_same_file_twice_is_no_second_file(asked, unit):
    supply(unit, asked.items[0])
    with pytest.raises(Conflict):
        supply(unit, asked.items[0])
    supply(unit, asked.items[0], b"%PDF-1.4 b")
    assert len(asked.items[0].living_files) == 2


def test_a_delay_is_kept_and_adds_up(asked, unit, lead):
    item = asked.items[1]
    with at(clock.add_working_days(item.due_on, 2)):
        supply(unit, item)
        with transaction():
            services.return_item(lead, item, "缺少盖章页", 2)
    assert (item.state, item.returned_count, item.late_days) == (ItemState.RETURNED, 1, 2)
    with at(clock.add_working_days(item.due_on, 1)):
        supply(unit, item, b"%PDF-1.4 b")
    assert item.late_days == 3
    assert messages_of(unit)[-1].link == f"/request-items/{item.id}"


def test_lateness_is_counted_in_working_days():
    friday = clock.add_working_days(clock.today(), 0)
    while friday.weekday() != 4 or not clock.is_working_day(friday + timedelta(3)):
        friday += timedelta(days=1)
    assert late_days(friday, friday + timedelta(days=2)) == 0
    assert late_days(friday, friday + timedelta(days=3)) == 1
    assert late_days(None, friday) == 0
    assert late_days(friday, friday - timedelta(days=9)) == 0


def test_a_return_says_why_and_until_when(asked, unit, lead):
    supply(unit, asked.items[0])
    for words, days in ((" ", 3), ("缺页", 0), ("缺页", 251)):
        with pytest.raises(Invalid):
            services.return_item(lead, asked.items[0], words, days)
    with pytest.raises(Conflict):
        services.return_item(lead, asked.items[1], "还没有提供", 3)


def test_what_does_not_apply_is_said_by_either_side_and_may_be_asked_again(asked, unit, lead):
    with transaction():
        services.declare_not_applicable(unit, asked.items[0], "无此类支出")
        services.waive_item(lead, asked.items[1], "已从一体化系统取得")
    assert {item.state for item in asked.items} == {ItemState.NOT_APPLICABLE}
    with transaction():
        services.return_item(lead, asked.items[0], "决算列有此项支出", 3)
    assert asked.items[0].state is ItemState.RETURNED
    with pytest.raises(Invalid):
        services.declare_not_applicable(unit, asked.items[0], " ")


def test_a_file_sent_by_mistake_is_taken_back_until_it_is_confirmed(asked, unit, lead):
    item = asked.items[0]
    wrong = supply(unit, item)
    with transaction():
        services.void_file(unit, wrong)
    assert item.state is ItemState.WANTED
    assert wrong.voided_at is not None
    right = supply(unit, item)
    with transaction():
        services.confirm_item(lead, item)
    with pytest.raises(Conflict):
        services.void_file(unit, right)


def test_a_unit_is_reminded_once_a_day_and_it_counts(asked, unit, lead, officer):
    with transaction():
        assert services.remind_unit(officer, asked).items == 2
    with pytest.raises(Conflict):
        services.remind_unit(lead, asked)
    with at(clock.today() + timedelta(days=1)), transaction():
        services.remind_unit(lead, asked)
    assert queries.facts_of([asked.engagement_id])[asked.engagement_id].reminders == 2
    assert [m.kind for m in messages_of(unit)].count("documents_reminded") == 2


def test_nothing_owed_is_no_reminder(asked, unit, lead):
    for item in asked.items:
        supply(unit, item)
    with pytest.raises(Conflict):
        services.remind_unit(lead, asked)


def test_of_two_units_each_sees_its_own(session):
    from app.engagements.queries import template_in_force

    template = template_in_force("fiscal_evaluation")
    units = [OrganisationFactory(), OrganisationFactory()]
    engagement = make_engagement(tasks=[make_task(template, unit=unit) for unit in units])
    lead, _member, _officer = crew_of(engagement)
    first = sent(lead, engagement)
    sent(lead, engagement, task=engagement.tasks[1])
    one, two = (UserFactory(role=Role.UNIT_OFFICER, organisation=unit) for unit in units)
    assert can(one, Permission.DOCUMENT_REQUEST_SUPPLY, first.items[0])
    for permission in (Permission.DOCUMENT_REQUEST_READ, Permission.DOCUMENT_REQUEST_SUPPLY):
        assert not can(two, permission, first.items[0])
    with pytest.raises(Forbidden):
        supply(two, first.items[0])


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, engagement, lead, role):
    from app.accounts.models import OrganisationKind

    unit = engagement.tasks[0].unit
    unit.department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    unit.finance_office = OrganisationFactory(kind=OrganisationKind.FINANCE_OFFICE)
    homes = {
        Role.UNIT_OFFICER: unit,
        Role.DEPARTMENT_OFFICER: unit.department,
        Role.FINANCE_OFFICE_OFFICER: unit.finance_office,
        Role.SECTION_OFFICER: engagement.tasks[0].section,
        Role.AGENCY_ADMIN: engagement.agency.organisation,
        Role.LEAD_EVALUATOR: engagement.agency.organisation,
        Role.AGENCY_MEMBER: engagement.agency.organisation,
    }
    draft(lead, engagement)
    sent(lead, engagement)
    of_others = make_engagement()
    sent(crew_of(of_others)[0], of_others)
    everything = session.query(DocumentRequest).order_by(DocumentRequest.id).all()
    for home in (homes.get(role), None):
        user = UserFactory(role=role, **({"organisation": home} if home else {}))
        told = session.scalars(queries.requests_visible_to(user).order_by(DocumentRequest.id))
        asked = [one for one in everything if can(user, Permission.DOCUMENT_REQUEST_READ, one)]
        assert list(told) == asked


def test_a_unit_finds_what_is_due_first(asked, unit, lead, engagement):
    later = sent(lead, engagement, items=[NewItem("决算报表", working_days=20)])
    owed = db.session.scalars(queries.owed_by(unit)).all()
    assert [item.title for item in owed] == ["资金管理办法", "预算批复文件", "决算报表"]
    supply(unit, asked.items[1])
    assert queries.next_owed_by(unit).title == "预算批复文件"
    assert queries.next_owed_by(lead) is None
    assert [item.id for item in db.session.scalars(queries.waiting_for(lead))] == [
        asked.items[1].id
    ]
    assert later.number == 2


def test_facts_of_many_engagements_are_one_statement(asked, unit, engagement, lead, statements):
    other = make_engagement()
    with at(clock.add_working_days(asked.items[1].due_on, 4)):
        supply(unit, asked.items[1])
        keys = [engagement.id, other.id]
        with statements() as seen:
            told = queries.facts_of(keys)
    assert len(seen) == 1
    facts = told[keys[0]]
    assert (facts.items, facts.owed, facts.waiting, facts.overdue) == (2, 1, 1, 1)
    assert facts.late_days == 4 + 2
    assert told[keys[1]] == queries.RequestFacts()


def test_a_draft_is_rewritten_and_a_list_that_was_sent_only_grows(lead, engagement, asked):
    made = draft(lead, engagement)
    with transaction():
        services.rewrite_items(lead, made, [NewItem("会计凭证")])
    assert [item.title for item in made.items] == ["会计凭证"]
    with pytest.raises(Conflict):
        services.rewrite_items(lead, asked, TWO)
    with transaction():
        services.add_items(lead, asked, [NewItem("会计凭证", working_days=2)])
    assert asked.items[2].due_on == clock.add_working_days(clock.today(), 2)


def test_confirmed_files_become_papers_of_class_c_once(asked, unit, lead, session):
    item = asked.items[0]
    supply(unit, item)
    with pytest.raises(Conflict):
        filing.file_as_papers(lead, item)
    with transaction():
        services.confirm_item(lead, item)
        (paper,) = filing.file_as_papers(lead, item)
    assert (paper.index_no, paper.title) == ("C-01", item.title)
    assert paper.versions[0].sha256 == item.files[0].sha256
    with pytest.raises(Conflict):
        filing.file_as_papers(lead, item)


def test_nothing_is_supplied_when_work_is_over(asked, unit, engagement):
    engagement.terminated_at = clock.now()
    db.session.commit()
    with pytest.raises(Forbidden):
        supply(unit, asked.items[0])
