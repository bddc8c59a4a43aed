"""Lists agree with the policy, for each kind of person."""

import pytest

from app import clock
from app.accounts import queries
from app.accounts.models import OrganisationKind, User
from app.policy import Permission, Role, can
from tests.factories import OrganisationFactory, UserFactory


@pytest.mark.parametrize("role", Role)
def test_the_list_of_accounts_agrees_with_the_policy(session, role):
    reader = UserFactory(role=role)
    UserFactory(role=Role.LEADER)
    for other in Role:
        UserFactory(role=other)
        UserFactory(role=other, organisation=reader.organisation)
    session.flush()
    listed = set(session.scalars(queries.accounts_visible_to(reader)))
    everybody = session.query(User).all()
    allowed = {user for user in everybody if can(reader, Permission.ACCOUNT_READ, user)}
    assert listed == (allowed if can(reader, Permission.ACCOUNT_LIST, None) else set())


def test_search_takes_the_words_as_they_are(session):
    OrganisationFactory(name="演示100%小学")
    OrganisationFactory(name="演示1000小学")
    found = session.scalars(queries.containing(queries.organisations(), "100%")).all()
    assert [one.name for one in found] == ["演示100%小学"]


def test_closed_organisations_are_not_offered(session):
    OrganisationFactory(closed_at=clock.now(), kind=OrganisationKind.SECTION)
    assert session.scalars(queries.organisations(OrganisationKind.SECTION)).all() == []


def test_units_are_found_from_above(session):
    office = OrganisationFactory(kind=OrganisationKind.FINANCE_OFFICE)
    unit = OrganisationFactory(finance_office=office)
    OrganisationFactory()
    assert session.scalars(queries.looked_after_by(office.id)).all() == [unit]


def test_names_carry_the_organisation(session):
    user = UserFactory()
    assert queries.names_of({user.id}) == {user.id: f"{user.organisation.name} · {user.name}"}
    assert queries.names_of(set()) == {}
