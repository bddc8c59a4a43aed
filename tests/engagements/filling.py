"""The form of a new engagement, filled in."""

from app.accounts.models import OrganisationKind
from app.engagements import queries
from tests.factories import AgencyFactory, EvaluatorFactory, OrganisationFactory


def entered(officer, **changes):
    """The form of a new engagement as a person fills it in."""
    agency = AgencyFactory()
    return {
        "name": "演示专项资金绩效评价",
        "template": queries.template_in_force("fiscal_evaluation").id,
        "service_type": "0",
        "client": officer.organisation_id,
        "lead_evaluator": EvaluatorFactory(agency=agency).id,
        "issued_by": "agency",
        "fee": "85000.50",
        "signed_on": "2026-03-02",
        "starts_on": "2026-03-02",
        "ends_on": "2026-12-31",
        "tasks-0-project": "演示专项",
        "tasks-0-amount": "1200000",
        "tasks-0-unit": OrganisationFactory().id,
        "tasks-0-section": OrganisationFactory(kind=OrganisationKind.SECTION).id,
        "once": "token-of-this-form",
        **changes,
    }
