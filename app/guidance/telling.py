"""Who finds a line in the inbox when an opinion is issued, answered or settled."""

from app.guidance.models import GuidanceNote
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES


def tell_agency_of_note(note: GuidanceNote) -> None:
    """The agency is guided."""
    _tell_agency(note, Kind.NOTE_ISSUED)


def tell_agency_of_settlement(note: GuidanceNote) -> None:
    """The agency may go on."""
    _tell_agency(note, Kind.NOTE_SETTLED)


def tell_author(note: GuidanceNote) -> None:
    """Who issued the opinion hears of the answer."""
    send([note.author_id], Kind.NOTE_REPLIED, _named(note), _link(note))


def _tell_agency(note: GuidanceNote, kind: Kind) -> None:
    staff = people.recipients([note.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, _named(note), _link(note))


def _named(note: GuidanceNote) -> dict[str, str]:
    subject = f"{note.paper.index_no} {note.paper.title} #{note.number}"
    return {"engagement": note.engagement.name, "subject": subject}


def _link(note: GuidanceNote) -> str:
    return f"/papers/{note.paper_id}#note-{note.number}"
