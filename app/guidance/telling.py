"""Who finds a line in the inbox when an opinion is issued, answered or settled."""

from app.guidance.models import GuidanceNote, NoteKind
from app.guidance.stage_models import StageNote
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, Role

SCORE_LOG = "/log/score-opinions"


def tell_agency_of_note(note: GuidanceNote) -> None:
    """The agency is guided; of an opinion that touches a score the leaders and the audit hear."""
    _tell_agency(note, Kind.NOTE_ISSUED)
    _tell_of_score(note.kind, _named(note))


def tell_of_stage_note(note: StageNote) -> None:
    """The same of an opinion on a stage."""
    _tell_agency_of_stage(note, Kind.NOTE_ISSUED)
    _tell_of_score(note.kind, _named_stage(note))


def tell_agency_of_stage_settlement(note: StageNote) -> None:
    """The agency may go on."""
    _tell_agency_of_stage(note, Kind.NOTE_SETTLED)


def tell_stage_author(note: StageNote) -> None:
    """Who issued the opinion hears of the answer."""
    send([note.author_id], Kind.NOTE_REPLIED, _named_stage(note), _stage_link(note))


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


def _tell_agency_of_stage(note: StageNote, kind: Kind) -> None:
    staff = people.recipients([note.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, _named_stage(note), _stage_link(note))


def _named_stage(note: StageNote) -> dict[str, str]:
    return {"engagement": note.engagement.name, "subject": f"{note.stage.name} #{note.number}"}


def _stage_link(note: StageNote) -> str:
    return f"/engagements/{note.engagement_id}/guidance#stage-note-{note.number}"


def _tell_of_score(kind: NoteKind, facts: dict[str, str]) -> None:
    if kind is not NoteKind.SCORE:
        return
    for role, link in ((Role.LEADER, "/notes?filter=score"), (Role.AUDIT_ADMIN, SCORE_LOG)):
        send(people.holders_of(role), Kind.NOTE_TOUCHES_SCORE, facts, link)
