"""Who finds a line in the inbox when a draft is sent, answered or closed."""

from collections.abc import Sequence

from app.consultations.models import Consultation
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, UNIT_ROLES, Role


def tell_unit(consultation: Consultation, kind: Kind) -> None:
    """The unit hears that it is asked, or what became of its opinions."""
    _send(consultation, people.recipients([consultation.unit_id], UNIT_ROLES), kind)


def tell_agency(consultation: Consultation, kind: Kind) -> None:
    """Agency and performance section hear that the unit has answered."""
    staff = people.recipients([consultation.engagement.agency_id], AGENCY_ROLES)
    _send(consultation, [*staff, *people.holders_of(Role.PERFORMANCE_OFFICER)], kind)


def _send(consultation: Consultation, who: Sequence[int], kind: Kind) -> None:
    told = {
        "due": consultation.due_on.isoformat(),
        "engagement": consultation.engagement.name,
        "unit": consultation.unit.name,
    }
    send(who, kind, told, f"/consultations/{consultation.id}")
