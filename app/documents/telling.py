"""Who finds a line in the inbox when a document goes out to them."""

from app.documents.models import OfficialDocument
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, UNIT_ROLES


def tell_addressee(document: OfficialDocument) -> None:
    """The people of the house to which it goes."""
    told = {"engagement": document.engagement.name, "title": document.title}
    who = people.recipients([document.addressee.id], AGENCY_ROLES | UNIT_ROLES)
    url = f"/engagements/{document.engagement.id}/documents"
    send(who, Kind.OFFICIAL_DOCUMENT_ISSUED, told, url)
