import pytest

from app.accounts.models import OrganisationKind
from app.engagements import queries
from app.policy import Role
from tests.factories import (
    AgencyFactory,
    EvaluatorFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)


@pytest.fixture
def officer(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


@pytest.mark.parametrize("role", list(Role))
def test_the_list_opens_for_business_people(session, sign_in, role):
    make_engagement()
    reply = sign_in(UserFactory(role=role)).get("/engagements")
    administrators = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    assert reply.status_code == (403 if role in administrators else 200)


def test_the_list_filters_and_pages(session, sign_in, officer):
    made = [make_engagement(actor=officer) for _ in range(3)]
    page = sign_in(officer)
    text = page.get(f"/engagements?q={made[1].code}&state=open&year=2026").text
    assert made[1].code in text
    assert made[0].code not in text
    assert page.get("/engagements?state=nonsense&year=x&before=zzz").status_code == 200
    older = page.get(f"/engagements?before={made[2].id}").text
    assert made[2].code not in older
    assert made[1].code in older


def test_the_list_asks_the_same_number_of_times_for_ten_and_for_a_hundred(
    session, sign_in, officer, statements
):
    template = queries.template_in_force("research")
    agency = AgencyFactory()
    lead = EvaluatorFactory(agency=agency)
    page = sign_in(officer)

    def add(number):
        section = OrganisationFactory(kind=OrganisationKind.SECTION)
        for _ in range(number):
            make_engagement(
                "research",
                actor=officer,
                agency=agency,
                lead_evaluator=lead,
                tasks=[make_task(template, section=section)],
            )

    add(10)
    page.get("/engagements")
    session.expire_all()
    with statements() as few:
        assert page.get("/engagements").status_code == 200
    add(90)
    session.expire_all()
    with statements() as many:
        assert page.get("/engagements").status_code == 200
    assert len(many) == len(few)
