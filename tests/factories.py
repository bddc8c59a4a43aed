"""Records for tests; each is committed, into the outer transaction of the `session` fixture."""

import secrets
from datetime import date

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app import clock
from app.accounts import passwords
from app.accounts.models import Organisation, OrganisationKind, User
from app.agencies.models import Agency, AgencyType, Evaluator
from app.db import db
from app.policy import Role

PASSWORD = "Demo-Pass-2026"


class Factory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "commit"


class OrganisationFactory(Factory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.UNIT
    name = factory.Sequence(lambda n: f"演示单位{n}")
    registered_at = factory.LazyFunction(clock.now)


class UserFactory(Factory):
    """A person; the organisation's kind follows the role unless it is given."""

    class Meta:
        model = User

    login = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"演示人员{n}")
    role = Role.PERFORMANCE_OFFICER
    organisation = factory.LazyAttribute(lambda user: home_of(user.role))
    password_hash = factory.LazyFunction(lambda: passwords.hash_of(PASSWORD))
    password_set_at = factory.LazyFunction(clock.now)
    session_stamp = factory.LazyFunction(lambda: secrets.token_hex(8))
    opened_at = factory.LazyFunction(clock.now)


KIND_OF_ROLE = {
    Role.AGENCY_ADMIN: OrganisationKind.AGENCY,
    Role.LEAD_EVALUATOR: OrganisationKind.AGENCY,
    Role.AGENCY_MEMBER: OrganisationKind.AGENCY,
    Role.UNIT_OFFICER: OrganisationKind.UNIT,
    Role.DEPARTMENT_OFFICER: OrganisationKind.DEPARTMENT,
    Role.FINANCE_OFFICE_OFFICER: OrganisationKind.FINANCE_OFFICE,
    Role.SECTION_OFFICER: OrganisationKind.SECTION,
}


def home_of(role):
    """The bureau for its own people; a new organisation for everybody else."""
    kind = KIND_OF_ROLE.get(role, OrganisationKind.BUREAU)
    if kind is OrganisationKind.BUREAU:
        found = db.session.query(Organisation).filter_by(kind=kind).first()
        return found or OrganisationFactory(kind=kind, name="演示区财政局")
    if kind is OrganisationKind.AGENCY:
        return AgencyFactory().organisation
    return OrganisationFactory(kind=kind)


class AgencyFactory(Factory):
    class Meta:
        model = Agency

    organisation = factory.SubFactory(
        OrganisationFactory,
        kind=OrganisationKind.AGENCY,
        name=factory.Sequence(lambda n: f"演示机构{n}"),
    )
    agency_type = AgencyType.CONSULTANCY
    legal_representative = "演示法人"
    registered_at = factory.LazyFunction(clock.now)


class EvaluatorFactory(Factory):
    class Meta:
        model = Evaluator

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"演示主评人{n}")
    qualification = "注册会计师"
    working_since = date(2012, 7, 1)
    evaluating_since = date(2016, 7, 1)
    confirmed_at = factory.LazyFunction(clock.now)


def make_engagement(code="fiscal_evaluation", **changes):
    """An open engagement from a shipped template, made by its service and committed.

    Whatever is not given is made: agency, lead evaluator, unit, section, officer (`actor`).
    """
    from app.engagements import opening, queries
    from app.engagements.models import IssuedBy

    actor = changes.pop("actor", None) or UserFactory(role=Role.PERFORMANCE_OFFICER)
    template = queries.template_in_force(code)
    agency = changes.pop("agency", None) or AgencyFactory()
    told = {
        "name": "演示项目绩效评价",
        "template": template,
        "agency": agency,
        "lead_evaluator": changes.pop("lead_evaluator", None) or EvaluatorFactory(agency=agency),
        "client": changes.pop("client", None) or actor.organisation,
        "issued_by": IssuedBy.AGENCY,
        "fee_fen": 8_000_000,
        "signed_on": date(2026, 3, 2),
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 12, 31),
        "tasks": changes.pop("tasks", None) or [make_task(template)],
    }
    engagement = opening.open_engagement(actor, opening.NewEngagement(**{**told, **changes}))
    db.session.commit()
    return engagement


def make_task(template, **changes):
    """One task for a new engagement, with an evaluated unit where the template wants one."""
    from app.engagements.opening import NewTask

    told = {"project": "演示专项资金", "amount_fen": 500_000_000}
    told["section"] = changes.pop("section", None) or OrganisationFactory(
        kind=OrganisationKind.SECTION
    )
    if template.needs_unit and "unit" not in changes:
        told["unit"] = OrganisationFactory()
    return NewTask(**{**told, **changes})
