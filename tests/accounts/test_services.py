"""Organisations and accounts: who enters and ends them, and what is refused."""

from datetime import timedelta

import pytest

from app import clock, credit_code
from app.accounts import services
from app.accounts.models import OrganisationKind
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from tests.factories import AgencyFactory, OrganisationFactory, UserFactory, home_of


def register(actor, kind=OrganisationKind.UNIT, name="演示实验小学", **more):
    with transaction():
        return services.register_organisation(actor, kind, name, **more)


def open_for(actor, organisation, role, **more):
    new = services.NewAccount(organisation, role, more.pop("login", "New.One"), "演示新人", **more)
    with transaction():
        return services.open_account(actor, new)


def test_the_performance_section_registers_a_unit(session, audited):
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    unit = register(UserFactory(), department=department)
    assert unit.department is department
    assert audited() == ["organisation.registered"]


def test_a_credit_code_is_normalised_and_checked(session):
    actor, code = UserFactory(), credit_code.make(7)
    assert register(actor, code=f" {code.lower()} ").credit_code == code
    with pytest.raises(Invalid):
        register(actor, name="演示第二小学", code=code[:-1] + ("A" if code[-1] != "A" else "B"))


def test_an_agency_needs_a_code_and_a_unit_does_not(session):
    actor = UserFactory()
    with pytest.raises(Invalid):
        register(actor, OrganisationKind.AGENCY)
    assert register(actor).credit_code is None


def test_the_same_name_or_code_twice_is_refused_in_words(session):
    actor, code = UserFactory(), credit_code.make(8)
    register(actor, code=code)
    with pytest.raises(Conflict, match="kind and name|同类别"):
        register(actor)
    with pytest.raises(Conflict, match="credit code|信用代码"):
        register(actor, name="演示第三小学", code=code)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PERFORMANCE_OFFICER}))
def test_nobody_else_registers_organisations(session, audited, role):
    with pytest.raises(Forbidden):
        register(UserFactory(role=role))
    assert audited() == []


def test_an_account_begins_with_a_password_that_must_change(session, audited):
    unit = OrganisationFactory()
    user, password = open_for(UserFactory(), unit, Role.UNIT_OFFICER)
    assert user.login == "new.one"
    assert user.must_change_password
    assert password not in user.password_hash
    assert audited() == ["account.opened"]


def test_the_performance_section_opens_no_bureau_account(session):
    actor = UserFactory()
    with pytest.raises(Forbidden):
        open_for(actor, actor.organisation, Role.LEADER)


def test_an_agency_opens_accounts_of_its_own_only(session):
    admin = UserFactory(role=Role.AGENCY_ADMIN)
    other = AgencyFactory().organisation
    open_for(admin, admin.organisation, Role.LEAD_EVALUATOR)
    with pytest.raises(Forbidden):
        open_for(admin, other, Role.LEAD_EVALUATOR)
    with pytest.raises(Forbidden):
        open_for(admin, admin.organisation, Role.PERFORMANCE_OFFICER)


def test_a_role_must_exist_where_the_person_works(session):
    with pytest.raises(Invalid):
        open_for(UserFactory(), OrganisationFactory(), Role.LEAD_EVALUATOR)


def test_a_closed_organisation_gets_no_accounts(session):
    unit = OrganisationFactory(closed_at=clock.now())
    with pytest.raises(Invalid):
        open_for(UserFactory(), unit, Role.UNIT_OFFICER)


def test_a_sign_in_name_is_taken_once(session):
    actor, unit = UserFactory(), OrganisationFactory()
    open_for(actor, unit, Role.UNIT_OFFICER, login="same")
    with pytest.raises(Conflict, match="taken|已被使用"):
        open_for(actor, unit, Role.UNIT_OFFICER, login="SAME")


@pytest.mark.parametrize("last", [None, -1])
def test_an_inspector_needs_a_last_day_to_come(session, last):
    security, bureau = UserFactory(role=Role.SECURITY_ADMIN), home_of(Role.INSPECTOR)
    day = None if last is None else clock.today() + timedelta(days=last)
    with pytest.raises(Invalid):
        open_for(security, bureau, Role.INSPECTOR, access_ends_on=day)
    open_for(security, bureau, Role.INSPECTOR, access_ends_on=clock.today())


def test_a_reset_unlocks_and_ends_every_session(session, audited):
    user = UserFactory(role=Role.UNIT_OFFICER, locked_until=clock.now() + timedelta(hours=1))
    before = user.session_stamp
    with transaction():
        services.reset_password(UserFactory(), user)
    assert user.locked_until is None
    assert user.must_change_password
    assert user.session_stamp != before
    assert audited() == ["password.reset"]


def test_a_closed_account_is_neither_reset_nor_closed_again(session):
    actor, user = UserFactory(), UserFactory(role=Role.UNIT_OFFICER)
    with transaction():
        services.close_account(actor, user, "retired")
    assert not user.is_active
    with pytest.raises(Conflict), transaction():
        services.close_account(actor, user, "retired")
    with pytest.raises(Conflict), transaction():
        services.reset_password(actor, user)


def test_the_security_administrator_grants_roles(session, audited):
    security, person = UserFactory(role=Role.SECURITY_ADMIN), UserFactory()
    before = person.session_stamp
    with transaction():
        services.grant_role(security, person, Role.LEADER)
    assert person.role is Role.LEADER
    assert person.session_stamp != before
    assert audited() == ["role.granted"]


def test_nobody_grants_a_role_to_oneself(session, audited):
    security = UserFactory(role=Role.SECURITY_ADMIN)
    with pytest.raises(Forbidden), transaction():
        services.grant_role(security, security, Role.LEADER)
    assert audited() == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN}))
def test_nobody_else_grants_roles(session, role):
    with pytest.raises(Forbidden), transaction():
        services.grant_role(UserFactory(role=role), UserFactory(), Role.LEADER)
