import pytest

from app.accounts.models import OrganisationKind
from app.engagements import queries, services
from app.engagements.models import Engagement
from app.engagements.progress import EngagementState
from app.engagements.queries import Filters
from app.policy import Permission, Role, can
from tests.engagements.walking import accept, people_of, walk_to
from tests.factories import (
    AgencyFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)


@pytest.fixture
def world(session):
    """Engagements that concern different people, one of them ended, and somebody of every kind."""
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    office = OrganisationFactory(kind=OrganisationKind.FINANCE_OFFICE)
    unit = OrganisationFactory(department=department, finance_office=office)
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    agency = AgencyFactory()
    fiscal = queries.template_in_force("fiscal_evaluation")
    tasks = [make_task(fiscal, unit=unit, section=section), make_task(fiscal)]
    made = [
        make_engagement(agency=agency, tasks=tasks),
        make_engagement(),
        make_engagement("departmental_evaluation", client=department),
        make_engagement("research"),
        make_engagement(tasks=[make_task(fiscal, unit=department)]),
    ]
    services.terminate(UserFactory(role=Role.PERFORMANCE_OFFICER), made[1], "项目取消")
    session.commit()
    homes = [department, office, unit, section, agency.organisation]
    return made, homes


@pytest.mark.parametrize("role", Role)
def test_the_list_and_the_policy_agree(session, world, role):
    made, homes = world
    people = [UserFactory(role=role), *(UserFactory(role=role, organisation=h) for h in homes)]
    for user in people:
        listed = session.scalars(queries.engagements_visible_to(user)).all()
        allowed = {e for e in made if can(user, Permission.ENGAGEMENT_READ, e)}
        assert set(listed) == allowed
        assert len(listed) == len(allowed)


def codes(session, filters):
    user = UserFactory(role=Role.LEADER)
    query = queries.narrowed(queries.engagements_visible_to(user), filters)
    return {engagement.code for engagement in session.scalars(query)}


def test_filters_of_the_list(session, world):
    made, _homes = world
    every = {e.code for e in made}
    assert codes(session, Filters(year=2026)) == every
    assert codes(session, Filters(year=2020)) == set()
    assert codes(session, Filters(agency=made[0].agency_id)) == {made[0].code}
    assert codes(session, Filters(state=EngagementState.TERMINATED)) == {made[1].code}
    assert codes(session, Filters(state=EngagementState.OPEN)) == every - {made[1].code}
    assert codes(session, Filters(words=made[0].agency.name)) == {made[0].code}
    assert codes(session, Filters(words=made[0].tasks[0].unit.name)) == {made[0].code}
    assert codes(session, Filters(words="演示 专项资金")) == every
    assert codes(session, Filters(words="100%")) == set()
    assert codes(session, Filters(stage="overdue")) <= every - {made[1].code}


def test_filters_by_stage_and_acceptance(session):
    engagement = make_engagement("research")
    officer, lead = people_of(engagement)
    services.submit_stage(lead, engagement.current_stage)
    assert codes(session, Filters(stage="submitted")) == {engagement.code}
    services.approve_stage(officer, engagement.current_stage)
    assert codes(session, Filters(stage="submitted")) == set()
    walk_to(engagement, "acceptance", officer, lead)
    assert codes(session, Filters(state=EngagementState.ACCEPTANCE)) == {engagement.code}
    accept(engagement, officer)
    assert codes(session, Filters(state=EngagementState.ACCEPTED)) == {engagement.code}
    assert codes(session, Filters(state=EngagementState.OPEN)) == set()


def test_a_list_can_be_joined_by_other_features(session, world):
    user = UserFactory(role=Role.DEPARTMENT_OFFICER, organisation=world[1][0])
    query = queries.engagements_visible_to(user).join(Engagement.stages).order_by(None)
    assert session.execute(query.with_only_columns(Engagement.id)).all()
