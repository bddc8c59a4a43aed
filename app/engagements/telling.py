"""Who finds a line in the inbox when an engagement moves."""

from collections.abc import Sequence

from app.engagements.models import Engagement, Stage
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, UNIT_ROLES, Role


def tell_agency(engagement: Engagement, kind: Kind, **facts: str) -> None:
    """The people of the agency hear of a decision about their work."""
    _send(engagement, people.recipients([engagement.agency_id], AGENCY_ROLES), kind, facts)


def tell_client(engagement: Engagement, kind: Kind, **facts: str) -> None:
    """The performance section, and a department that commissioned the work, hear of it."""
    buyers = people.recipients([engagement.client_id], UNIT_ROLES)
    _send(engagement, [*people.holders_of(Role.PERFORMANCE_OFFICER), *buyers], kind, facts)


def tell_everybody(engagement: Engagement, kind: Kind) -> None:
    """All who have a part in the engagement hear that it began or ended."""
    units = people.recipients(engagement.unit_ids | {engagement.client_id}, UNIT_ROLES)
    sections = people.recipients(engagement.section_ids, [Role.SECTION_OFFICER])
    staff = people.recipients([engagement.agency_id], AGENCY_ROLES)
    _send(engagement, [*units, *sections, *staff], kind, {})


def tell_of_stage(stage: Stage, kind: Kind) -> None:
    """A submitted stage waits for the commissioning side; a decided one concerns the agency."""
    tell = tell_client if kind is Kind.STAGE_SUBMITTED else tell_agency
    tell(stage.engagement, kind, stage=stage.name)


def _send(engagement: Engagement, who: Sequence[int], kind: Kind, facts: dict[str, str]) -> None:
    told = {"engagement": engagement.name, **facts}
    send(who, kind, told, f"/engagements/{engagement.id}")
