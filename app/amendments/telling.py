"""Who finds a line in the inbox when a change is asked, decided or entered."""

from app.amendments import labels
from app.amendments.models import Amendment
from app.engagements import telling
from app.notifications.kinds import Kind


def tell_deciders(amendment: Amendment) -> None:
    """The performance section, and a department that commissioned the work, have to decide."""
    telling.tell_client(amendment.engagement, Kind.AMENDMENT_ASKED, what=_what(amendment))


def tell_agency(amendment: Amendment) -> None:
    """The agency hears of the decision, or of what was entered."""
    telling.tell_agency(amendment.engagement, Kind.AMENDMENT_MADE, what=_what(amendment))


def _what(amendment: Amendment) -> str:
    return str(labels.KINDS[amendment.kind])
