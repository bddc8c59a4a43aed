"""How an engagement is opened: one contract, its checks, its stages with their due days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import UNIT_KINDS, Organisation, OrganisationKind, User
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import WORDS, qualifies
from app.db import db
from app.engagements import on_opened, opening_checks, queries
from app.engagements.models import (
    AcceptanceItem,
    Allowance,
    Engagement,
    EngagementTemplate,
    IssuedBy,
    ServiceType,
    Stage,
    Task,
)
from app.engagements.naming import twin_of
from app.engagements.telling import tell_everybody
from app.errors import Invalid, Words
from app.notifications.kinds import Kind
from app.policy import Permission, require

# What stands in the engagement just as it was entered.
COPIED = (
    "template",
    "agency",
    "lead_evaluator",
    "client",
    "issued_by",
    "fee_fen",
    "signed_on",
    "starts_on",
    "ends_on",
)


@dataclass(frozen=True)
class NewTask:
    """One project under the contract; `unit` is the evaluated unit, where there is one."""

    project: str
    amount_fen: int
    section: Organisation
    unit: Organisation | None = None


@dataclass(frozen=True)
class NewEngagement:
    """What the performance section enters from the signed contract."""

    name: str
    template: EngagementTemplate
    agency: Agency
    lead_evaluator: Evaluator
    client: Organisation
    issued_by: IssuedBy
    fee_fen: int
    signed_on: date
    starts_on: date
    ends_on: date
    tasks: Sequence[NewTask]
    service_type: ServiceType | None = None  # the template's, where nothing else is said

    @property
    def kind(self) -> ServiceType:
        """The kind of work."""
        return self.service_type or self.template.service_type


def open_engagement(actor: User, new: NewEngagement) -> Engagement:
    """The performance section opens an engagement from its contract; the first stage begins."""
    engagement = enter_engagement(actor, new)
    tell_everybody(engagement, Kind.ENGAGEMENT_OPENED)
    return engagement


def enter_engagement(actor: User, new: NewEngagement) -> Engagement:
    """Enter an engagement as it is opened, but tell nobody: a whole ledger would flood people."""
    require(actor, Permission.ENGAGEMENT_OPEN, None)
    for check in (*CHECKS, *opening_checks):
        check(new)
    engagement = _engagement_of(actor, new)
    db.session.add(engagement)
    db.session.flush()
    audit.record(
        actor,
        audit.Event.ENGAGEMENT_OPENED,
        engagement,
        scope=engagement,
        **_told(engagement, new),
    )
    for listener in on_opened:
        listener(actor, engagement, new)
    return engagement


def _told(engagement: Engagement, new: NewEngagement) -> dict[str, object]:
    return {
        "code": engagement.code,
        "agency": new.agency.id,
        "client": new.client.id,
        "fee_fen": new.fee_fen,
        "tasks": len(new.tasks),
        "template": f"{new.template.code}/{new.template.version}",
    }


def _check_kind(new: NewEngagement) -> None:
    """财预〔2021〕6号: what may be entrusted, what only assisted with, and what never."""
    if new.kind.allowance is Allowance.FORBIDDEN:
        raise Invalid(
            _("This kind of work must not be entrusted (财预〔2021〕6号)"), field="service_type"
        )
    if new.kind.allowance is Allowance.ASSISTANCE and new.issued_by is not IssuedBy.CLIENT:
        raise Invalid(
            _(
                "With this kind of work an agency may only assist; nothing goes out in the"
                " agency's name (财预〔2021〕6号)"
            ),
            field="issued_by",
        )
    if new.template.retired_at is not None:
        raise Invalid(_("This version of the template is no longer in force"), field="template")


def _check_parties(new: NewEngagement) -> None:
    """Commissioning party, evaluated unit and agency are three different bodies."""
    if new.client.kind is OrganisationKind.AGENCY or new.client.id == new.agency.id:
        raise Invalid(_("A third-party agency can't be the commissioning party"), field="client")
    if any(task.unit is not None and task.unit.id == new.client.id for task in new.tasks):
        raise Invalid(
            _(
                "The commissioning party can't be the evaluated unit: nobody commissions an"
                " evaluation of itself (财预〔2021〕6号)"
            ),
            field="client",
        )


def _check_evaluator(new: NewEngagement) -> None:
    """The lead evaluator is the agency's own, and qualified on the day of the signature."""
    if new.lead_evaluator.agency_id != new.agency.id:
        raise Invalid(_("The lead evaluator doesn't belong to this agency"), field="lead_evaluator")
    if problem := qualifies(new.lead_evaluator, new.signed_on):
        raise Invalid(WORDS[problem], field="lead_evaluator")


def _check_terms(new: NewEngagement) -> None:
    if not new.name.strip():
        raise Invalid(_("Enter the name of the engagement"), field="name")
    if new.fee_fen <= 0:
        raise Invalid(_("The fee must be more than nothing"), field="fee")
    if new.signed_on < clock.FIRST_DAY or new.ends_on > clock.LAST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"), field="signed_on")
    if not new.signed_on <= new.starts_on <= new.ends_on:
        raise Invalid(
            _("The contract is signed before work starts, and work starts before it ends"),
            field="ends_on",
        )


def _check_tasks(new: NewEngagement) -> None:
    """At least one task; each with a unit, or none with one, as the template says."""
    if not new.tasks:
        raise Invalid(_("An engagement has at least one task"), field="tasks")
    for task in new.tasks:
        if not task.project.strip() or task.amount_fen < 0:
            raise Invalid(_("Each task needs the name of its project and an amount"), field="tasks")
        if task.section.kind is not OrganisationKind.SECTION:
            raise Invalid(_("Each task needs the business section in charge"), field="tasks")
        if task.unit is not None and task.unit.kind not in UNIT_KINDS:
            raise Invalid(_("An evaluated unit is a budget unit or a department"), field="tasks")
        if new.template.needs_unit and task.unit is None:
            raise Invalid(_("With this template each task needs its evaluated unit"), field="tasks")
        if not new.template.needs_unit and task.unit is not None:
            raise Invalid(_("With this template a task has no evaluated unit"), field="tasks")


def _check_names(new: NewEngagement) -> None:
    """Whoever is handed "task 3, the fund" must not meet the same words as task 5."""
    if twins := twin_of(new.tasks):
        raise Invalid(same_name(*twins), field="tasks")


def same_name(first: int, second: int) -> Words:
    """How two tasks with one name are refused, by their numbers."""
    return _(
        "Tasks %(first)s and %(second)s are the same project of the same unit. Leave one out,"
        " or name them so that they can be told apart",
        first=first,
        second=second,
    )


CHECKS = (
    _check_kind,
    _check_parties,
    _check_evaluator,
    _check_terms,
    _check_tasks,
    _check_names,
)


def _engagement_of(actor: User, new: NewEngagement) -> Engagement:
    """The record with its tasks, stages and items; numbered within the year of its signature."""
    year = new.signed_on.year
    return Engagement(
        **{name: getattr(new, name) for name in COPIED},
        code=f"W{year}-{queries.count_of_year(year) + 1:03d}",
        name=new.name.strip(),
        year=year,
        service_type=new.kind,
        opened_at=clock.now(),
        opened_by_id=actor.id,
        tasks=_tasks_of(new),
        stages=_stages_of(new),
        current_stage_position=new.template.stages[0].position,
        acceptance_items=_items_of(new),
    )


def _items_of(new: NewEngagement) -> list[AcceptanceItem]:
    told = enumerate(new.template.acceptance_items, start=1)
    return [AcceptanceItem(number=number, words=words) for number, words in told]


def _tasks_of(new: NewEngagement) -> list[Task]:
    return [
        Task(
            number=number,
            project=task.project.strip(),
            amount_fen=task.amount_fen,
            unit=task.unit,
            section=task.section,
        )
        for number, task in enumerate(new.tasks, start=1)
    ]


def _stages_of(new: NewEngagement) -> list[Stage]:
    """The template's stages; each is due its working days after the one before, from the start."""
    days, stages = 0, []
    for told in new.template.stages:
        days += told.working_days
        stages.append(
            Stage(
                position=told.position,
                code=told.code,
                name=told.name,
                due_on=clock.add_working_days(new.starts_on, days),
                required_papers=list(told.required_papers),
            )
        )
    stages[0].started_at = clock.now()
    return stages
