"""Who finds a line in the inbox when indicators are submitted or decided on."""

from app.indicators.models import IndicatorSystem
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, Role


def tell_bureau(system: IndicatorSystem) -> None:
    """Submitted indicators wait for the performance section."""
    staff = people.holders_of(Role.PERFORMANCE_OFFICER)
    send(staff, Kind.INDICATORS_SUBMITTED, _named(system), _link(system))


def tell_agency(system: IndicatorSystem, kind: Kind) -> None:
    """The commissioning side decided on the agency's indicators."""
    staff = people.recipients([system.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, _named(system), _link(system))


def _named(system: IndicatorSystem) -> dict[str, str]:
    return {"engagement": system.engagement.name}


def _link(system: IndicatorSystem) -> str:
    return f"/indicator-systems/{system.id}"
