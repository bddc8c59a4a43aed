"""Entering agencies and evaluators: who may, what is kept, what is refused."""

from datetime import date, timedelta

import pytest

from app import clock, credit_code
from app.agencies import queries, services
from app.agencies.models import Agency, AgencyType
from app.agencies.services import NewAgency, NewEvaluator, Particulars
from app.audit.canonical import read
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Permission, Role, can
from tests.factories import AgencyFactory, EvaluatorFactory, UserFactory

FACTS = Particulars(AgencyType.ACCOUNTING, "演示法人甲", "演示路 1 号", "0000-0000000")
PRACTITIONER = NewEvaluator("演示主评人", "注册会计师", date(2012, 7, 1), date(2016, 7, 1))


def register(actor, serial=1, name="演示会计师事务所"):
    with transaction():
        return services.register_agency(actor, NewAgency(name, credit_code.make(serial), FACTS))


def test_an_agency_is_entered_with_its_organisation(session, audited):
    agency = register(UserFactory())
    assert agency.id == agency.organisation.id == agency.agency_id
    assert agency.name == "演示会计师事务所"
    assert audited() == ["organisation.registered", "agency.registered"]


def test_a_false_code_leaves_nothing_behind(session, audited):
    with pytest.raises(Invalid), transaction():
        services.register_agency(UserFactory(), NewAgency("演示", "9" * 18, FACTS))
    assert audited() == []
    assert session.query(Agency).count() == 0


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PERFORMANCE_OFFICER}))
def test_nobody_else_enters_agencies(session, audited, role):
    with pytest.raises(Forbidden):
        register(UserFactory(role=role))
    assert audited() == []


def test_an_edit_tells_before_and_after_but_no_personal_data(session, audited):
    agency = register(UserFactory())
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    new = Particulars(AgencyType.LAW, "演示法人乙", "演示路 2 号", "1111-1111111")
    with transaction():
        services.edit_agency(admin, agency, new)
    assert agency.legal_representative == "演示法人乙"
    told = read(session.query(AuditEvent).filter_by(event="agency.edited").one().canonical)
    assert told["facts"] == {
        "changed": ["address", "agency_type", "legal_representative", "phone"],
        "before": ["演示路 1 号", "accounting", "…", "…"],
        "after": ["演示路 2 号", "law", "…", "…"],
    }


def test_an_edit_without_a_change_is_no_event(session, audited):
    agency = register(UserFactory())
    with transaction():
        services.edit_agency(UserFactory(), agency, FACTS)
    assert "agency.edited" not in audited()


def test_an_agency_edits_itself_only(session):
    agency, other = AgencyFactory(), AgencyFactory()
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=other.organisation)
    with pytest.raises(Forbidden), transaction():
        services.edit_agency(admin, agency, FACTS)


def test_an_evaluator_is_entered_and_then_confirmed(session, audited):
    agency, officer = AgencyFactory(), UserFactory()
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    with transaction():
        evaluator = services.register_evaluator(admin, agency, PRACTITIONER)
    assert queries.signers_of(agency.id, clock.today()) == []
    with transaction():
        services.confirm_evaluator(officer, evaluator)
    assert queries.signers_of(agency.id, clock.today()) == [evaluator]
    assert evaluator.confirmed_by_id == officer.id
    assert audited() == ["evaluator.registered", "evaluator.confirmed"]


def test_an_agency_does_not_confirm_its_own(session, audited):
    evaluator = EvaluatorFactory(confirmed_at=None)
    admin = UserFactory(role=Role.AGENCY_ADMIN, organisation=evaluator.agency.organisation)
    with pytest.raises(Forbidden), transaction():
        services.confirm_evaluator(admin, evaluator)
    assert audited() == []


def test_somebody_without_the_years_is_not_confirmed(session, audited):
    last_year = clock.today() - timedelta(days=365)
    evaluator = EvaluatorFactory(confirmed_at=None, evaluating_since=last_year)
    with pytest.raises(Invalid), transaction():
        services.confirm_evaluator(UserFactory(), evaluator)
    assert evaluator.confirmed_at is None
    assert audited() == []


def test_nobody_is_confirmed_twice(session):
    with pytest.raises(Conflict), transaction():
        services.confirm_evaluator(UserFactory(), EvaluatorFactory())


@pytest.mark.parametrize(
    "dates",
    [
        (date(2999, 1, 1), date(2999, 1, 1)),
        (date(2012, 7, 1), date(2012, 6, 30)),
    ],
)
def test_impossible_careers_are_refused(session, dates):
    with pytest.raises(Invalid), transaction():
        new = NewEvaluator("演示主评人", "注册会计师", *dates)
        services.register_evaluator(UserFactory(), AgencyFactory(), new)


def test_an_account_of_another_house_is_refused(session):
    stranger = UserFactory(role=Role.LEAD_EVALUATOR)
    with pytest.raises(Invalid), transaction():
        new = NewEvaluator("演示主评人", "注册会计师", date(2012, 7, 1), None, stranger)
        services.register_evaluator(UserFactory(), AgencyFactory(), new)


def test_who_has_left_signs_nothing_more(session, audited):
    evaluator, actor = EvaluatorFactory(), UserFactory()
    with transaction():
        services.mark_left(actor, evaluator)
    assert queries.signers_of(evaluator.agency_id, clock.today()) == []
    with pytest.raises(Conflict), transaction():
        services.mark_left(actor, evaluator)
    assert audited() == ["evaluator.left"]


@pytest.mark.parametrize("role", Role)
def test_the_directory_agrees_with_the_policy(session, role):
    reader = UserFactory(role=role)
    AgencyFactory()
    listed = set(session.scalars(queries.agencies_visible_to(reader)))
    everyone = session.query(Agency).all()
    assert listed == {one for one in everyone if can(reader, Permission.AGENCY_READ, one)}


def test_lead_evaluators_are_counted(session):
    evaluator = EvaluatorFactory()
    EvaluatorFactory(agency=evaluator.agency, confirmed_at=None)
    EvaluatorFactory(agency=evaluator.agency, left_at=clock.now())
    assert queries.evaluator_counts([evaluator.agency_id]) == {evaluator.agency_id: 1}
