"""Who finds a line in the inbox when material is asked for, supplied or sent back."""

from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, UNIT_ROLES
from app.requests.models import DocumentRequest, RequestItem


def tell_unit(
    request: DocumentRequest, kind: Kind, *, items: int, item: RequestItem | None = None
) -> None:
    """The unit hears what it is asked for; the link leads to the next thing to do."""
    told = {"engagement": request.engagement.name, "items": str(items)}
    link = f"/request-items/{item.id}" if item else f"/document-requests/{request.id}"
    send(people.recipients([request.unit_id], UNIT_ROLES), kind, told, link)


def tell_agency(item: RequestItem, kind: Kind) -> None:
    """The agency hears that something came."""
    told = {"engagement": item.engagement.name, "item": item.title}
    staff = people.recipients([item.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, told, f"/document-requests/{item.request_id}")
