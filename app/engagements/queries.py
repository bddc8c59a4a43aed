"""Questions about engagements and their templates. Nothing here changes anything."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from app import clock
from app.accounts.lookups import Keys, is_among
from app.accounts.models import Organisation, OrganisationKind
from app.agencies.models import Agency, Evaluator
from app.db import db
from app.engagements.models import Engagement, EngagementTemplate, ServiceType, Stage, Task
from app.engagements.progress import EngagementState
from app.matching import holds
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role

IS_OPEN = and_(
    Engagement.accepted_at.is_(None),
    Engagement.refused_at.is_(None),
    Engagement.terminated_at.is_(None),
    Engagement.closed_at.is_(None),
)


STAGE_STATES = ("submitted", "overdue")  # of the stage that the work is at


@dataclass(frozen=True)
class Filters:
    """What the reader of the list asked for."""

    words: str = ""
    year: int | None = None
    agency: Keys | None = None  # one, or all whose name fits what was typed
    state: EngagementState | None = None
    stage: str = ""  # one of STAGE_STATES


def engagements_visible_to(user: Person) -> Select[Engagement]:
    """Exactly the engagements for which can(user, ENGAGEMENT_READ, …) holds, newest first."""
    query = select(Engagement).order_by(Engagement.id.desc())
    if user.role in {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}:
        return query
    if user.role in UNIT_ROLES:
        own = (_as_unit, _as_client, _as_overseer)
        oversees = user.role in {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}
        parts = [keys(user.organisation_id) for keys in own[: 3 if oversees else 2]]
        return query.where(Engagement.id.in_(union_all(*parts)))
    lines: list[tuple[bool, Callable[[int], ColumnElement[bool]]]] = [
        (user.role in AGENCY_ROLES, lambda key: Engagement.agency_id == key),
        (user.role is Role.SECTION_OFFICER, lambda key: Engagement.tasks.any(section_id=key)),
        (user.role is Role.ARCHIVIST, lambda _key: ~IS_OPEN),
    ]
    held = [line(user.organisation_id) for holds, line in lines if holds]
    return query.where(or_(false(), *held))


# The ids of what a unit sees, each way by its own index: of all ways at once, a database would
# look at every engagement of the province.
def _as_unit(key: int) -> Select[int]:
    return select(Task.engagement_id).where(Task.unit_id == key)


def _as_client(key: int) -> Select[int]:
    job, client = aliased(Engagement), aliased(Organisation)
    outside = client.kind.not_in([OrganisationKind.BUREAU, OrganisationKind.SECTION])
    return select(job.id).join(client, client.id == job.client_id).where(client.id == key, outside)


def _as_overseer(key: int) -> Select[int]:
    unit = aliased(Organisation)
    above = or_(unit.department_id == key, unit.finance_office_id == key)
    return select(Task.engagement_id).join(unit, unit.id == Task.unit_id).where(above)


def narrowed(query: Select[Any], filters: Filters) -> Select[Any]:
    """Apply the filters of the list."""
    if filters.year is not None:
        query = query.where(Engagement.year == filters.year)
    if filters.agency is not None:
        query = query.where(is_among(Engagement.agency_id, filters.agency))
    if filters.state is not None:
        query = query.where(*_in_state(filters.state))
    if filters.stage:
        query = query.where(IS_OPEN, _at_stage(filters.stage))
    return with_words(query, filters.words)


def with_words(query: Select[Any], words: str) -> Select[Any]:
    """Those of a list of engagements that have every word, of five at the most."""
    return query.where(*(_has(word) for word in words.split()[:5]))


def _has(word: str) -> ColumnElement[bool]:
    """The word stands in the number, the name, the agency's name, a project or a unit's name."""
    named = select(Organisation.id).where(holds(Organisation.name, word))
    projects = select(Task.engagement_id).where(holds(Task.project, word))
    units = select(Task.engagement_id).where(Task.unit_id.in_(named))
    return or_(
        holds(Engagement.code, word),
        holds(Engagement.name, word),
        Engagement.agency_id.in_(named),
        Engagement.id.in_(projects.union_all(units)),
    )


def _at_stage(state: str) -> ColumnElement[bool]:
    """The current stage waits for a decision, or its day is over."""
    waits = and_(Stage.submitted_at.isnot(None), Stage.approved_at.is_(None))
    told = waits if state == "submitted" else Stage.due_on < clock.today()
    return Engagement.stages.any(and_(Stage.position == Engagement.current_stage_position, told))


def _in_state(state: EngagementState) -> tuple[ColumnElement[bool], ...]:
    at_acceptance = Engagement.stages.any(
        and_(Stage.position == Engagement.current_stage_position, Stage.code == "acceptance")
    )
    not_closed = Engagement.closed_at.is_(None)
    conditions: dict[EngagementState, tuple[ColumnElement[bool], ...]] = {
        EngagementState.OPEN: (IS_OPEN, ~at_acceptance),
        EngagementState.ACCEPTANCE: (IS_OPEN, at_acceptance),
        EngagementState.ACCEPTED: (not_closed, Engagement.accepted_at.isnot(None)),
        EngagementState.REFUSED: (not_closed, Engagement.refused_at.isnot(None)),
        EngagementState.TERMINATED: (not_closed, Engagement.terminated_at.isnot(None)),
        EngagementState.CLOSED: (Engagement.closed_at.isnot(None),),
    }
    return conditions[state]


def with_particulars(query: Select[Any]) -> Select[Any]:
    """Read at once what a list shows of each engagement; a fixed number of statements."""
    return query.options(
        joinedload(Engagement.agency).joinedload(Agency.organisation),
        joinedload(Engagement.client),
        joinedload(Engagement.template),
        joinedload(Engagement.service_type),
        selectinload(Engagement.stages),
    )


def count_of_year(year: int) -> int:
    """How many engagements were opened under this year's numbers; none is ever removed."""
    counted = select(func.count()).select_from(Engagement).where(Engagement.year == year)
    return db.session.scalar(counted) or 0


def years() -> list[int]:
    """The years that have engagements, and this one, newest first."""
    known = set(db.session.scalars(select(Engagement.year).distinct()))
    return sorted(known | {clock.today().year}, reverse=True)


def names_by_id(keys: Collection[int]) -> dict[int, str]:
    """Number and name of many engagements, in one statement."""
    query = select(Engagement.id, Engagement.code, Engagement.name).where(Engagement.id.in_(keys))
    return {key: f"{code} {name}" for key, code, name in db.session.execute(query)}


def service_types() -> Select[ServiceType]:
    """Every kind of work, with whether it may be entrusted."""
    return select(ServiceType).order_by(ServiceType.id)


def templates_in_force() -> Select[EngagementTemplate]:
    """The newest version of each template."""
    return (
        select(EngagementTemplate)
        .where(EngagementTemplate.retired_at.is_(None))
        .options(selectinload(EngagementTemplate.stages))
        .order_by(EngagementTemplate.id)
    )


def versions_of(code: str) -> Select[EngagementTemplate]:
    """All versions of a template, newest first."""
    return (
        select(EngagementTemplate)
        .where(EngagementTemplate.code == code)
        .order_by(EngagementTemplate.version.desc())
    )


def template_in_force(code: str) -> EngagementTemplate | None:
    """The version of a template that new engagements take."""
    return db.session.scalar(templates_in_force().where(EngagementTemplate.code == code))


def signers() -> Sequence[tuple[int, str, str]]:
    """Confirmed lead evaluators who are still with their agency: number, name, the agency's."""
    query = (
        select(Evaluator.id, Evaluator.name, Organisation.name)
        .join(Organisation, Organisation.id == Evaluator.agency_id)
        .where(Evaluator.confirmed_at.isnot(None), Evaluator.left_at.is_(None))
        .where(Organisation.closed_at.is_(None))
        .order_by(Organisation.name, Evaluator.name, Evaluator.id)
    )
    return [(key, name, agency) for key, name, agency in db.session.execute(query)]
