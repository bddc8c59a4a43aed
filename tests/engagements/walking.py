"""Take an engagement through its stages by the services that people use."""

from app.db import db
from app.engagements import acceptance, services
from app.engagements.acceptance import Finding
from app.policy import Role
from tests.factories import UserFactory


def people_of(engagement):
    """An officer of the performance section and the agency's lead evaluator."""
    organisation = engagement.agency.organisation
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    return officer, UserFactory(role=Role.LEAD_EVALUATOR, organisation=organisation)


def walk_to(engagement, code, officer, lead):
    """Submit and approve stage after stage until the work is at the one named."""
    while engagement.current_stage.code != code:
        stage = engagement.current_stage
        services.submit_stage(lead, stage)
        services.approve_stage(officer, stage)
    db.session.commit()


def findings(engagement, *, met=True):
    return [Finding(item.id, met) for item in engagement.acceptance_items]


def accept(engagement, officer):
    return acceptance.accept(officer, engagement, findings(engagement))
