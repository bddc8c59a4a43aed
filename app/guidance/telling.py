"""Who finds a line in the inbox when an opinion is issued, answered or settled."""

from app.guidance.models import GuidanceNote, NoteKind
from app.guidance.stage_models import StageNote
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, Role

Opinion = GuidanceNote | StageNote
SCORE_LOG = "/log/score-opinions"


def tell_of_opinion(note: Opinion) -> None:
    """The agency is guided; of an opinion that touches a score the leaders and the audit hear."""
    _tell_agency(note, Kind.NOTE_ISSUED)
    if note.kind is NoteKind.SCORE:
        for role, link in ((Role.LEADER, "/notes?filter=score"), (Role.AUDIT_ADMIN, SCORE_LOG)):
            send(people.holders_of(role), Kind.NOTE_TOUCHES_SCORE, _named(note), link)


def tell_agency_of_settlement(note: Opinion) -> None:
    """The agency may go on."""
    _tell_agency(note, Kind.NOTE_SETTLED)


def tell_author(note: Opinion) -> None:
    """Who issued the opinion hears of the answer."""
    send([note.author_id], Kind.NOTE_REPLIED, _named(note), _link(note))


def _tell_agency(note: Opinion, kind: Kind) -> None:
    staff = people.recipients([note.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, _named(note), _link(note))


def _named(note: Opinion) -> dict[str, str]:
    if isinstance(note, StageNote):
        about = note.stage.name
    else:
        about = f"{note.paper.index_no} {note.paper.title}"
    return {"engagement": note.engagement.name, "subject": f"{about} #{note.number}"}


def _link(note: Opinion) -> str:
    if isinstance(note, StageNote):
        return f"/engagements/{note.engagement_id}/guidance#stage-note-{note.number}"
    return f"/papers/{note.paper_id}#note-{note.number}"
