"""What people do with opinions on stages. Each public function is one action of one person."""

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements import moves
from app.engagements.models import Stage
from app.errors import Conflict, Invalid
from app.guidance import stage_queries, telling
from app.guidance.services import NewNote
from app.guidance.stage_models import StageNote, StageNoteReply
from app.policy import Permission, require


def issue_stage_note(actor: User, stage: Stage, new: NewNote) -> StageNote:
    """The bureau writes a numbered opinion on a stage as a whole; it is never edited afterwards.

    One that must be resolved holds the stage up until it is settled; one that touches a score
    needs its reason (财监4号 art. 3), is told to the leaders, and holds nothing up.
    """
    require(actor, Permission.NOTE_ISSUE, stage)
    moves.hold(stage.engagement)
    if stage.approved_at is not None:
        raise Conflict(_("This stage has passed already"))
    new.check(stage.engagement)
    note = StageNote(
        engagement=stage.engagement,
        stage=stage,
        number=stage_queries.next_number(stage.engagement),
        author=actor,
        issued_at=clock.now(),
        **new.columns(),
    )
    db.session.add(note)
    _record(actor, audit.Event.STAGE_NOTE_ISSUED, note, **_told(note))
    telling.tell_of_opinion(note)
    return note


def reply_to_stage_note(actor: User, note: StageNote, body: str) -> StageNoteReply:
    """The agency answers an opinion on a stage that is not settled."""
    require(actor, Permission.NOTE_REPLY, note)
    _must_be_unsettled(note)
    if not body.strip():
        raise Invalid(_("Write the answer"))
    reply = StageNoteReply(note=note, body=body.strip(), author=actor, sent_at=clock.now())
    db.session.add(reply)
    _record(actor, audit.Event.STAGE_NOTE_ANSWERED, note, words=reply.body)
    telling.tell_author(note)
    return reply


def settle_stage_note(actor: User, note: StageNote) -> None:
    """Who issued an opinion on a stage, or the performance section, says that it is dealt with."""
    require(actor, Permission.NOTE_SETTLE, note)
    _must_be_unsettled(note)
    note.settled_at, note.settled_by_id = clock.now(), actor.id
    _record(actor, audit.Event.STAGE_NOTE_SETTLED, note)
    telling.tell_agency_of_settlement(note)


def _must_be_unsettled(note: StageNote) -> None:
    lock(note)
    if note.settled_at is not None:
        raise Conflict(_("This opinion is settled already"))


def _told(note: StageNote) -> dict[str, object]:
    return {"note_kind": note.kind, "reason": note.reason, "words": note.body}


def _record(actor: User, event: audit.Event, note: StageNote, **facts: object) -> None:
    named = {"note": note.number, "stage": moves.named(note.stage)}
    audit.record(actor, event, note, scope=note.engagement, **named, **facts)
