"""What people do with opinions. Each public function is one action of one person."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Stale
from app.guidance import queries, stage_queries, telling
from app.guidance.models import GuidanceNote, NoteKind, NoteReply
from app.papers.models import PaperVersion
from app.policy import Permission, require


@dataclass(frozen=True)
class NewNote:
    """An opinion as it is written; the place is a cell, a paragraph or a line."""

    kind: NoteKind
    body: str
    place: str = ""
    reason: str = ""
    page: int | None = None
    indicator: str = ""

    def check(self, engagement: Engagement) -> None:
        """It says something, touches a score with a reason alone, and knows its indicator."""
        if not self.body.strip():
            raise Invalid(_("Write the opinion"), field="body")
        if self.kind is NoteKind.SCORE and not self.reason.strip():
            raise Invalid(_("An opinion that touches a score needs its reason"), field="reason")
        code = self.indicator.strip()
        if code and not stage_queries.knows_indicator(engagement, code):
            raise Invalid(_("The engagement has no indicator of this number"), field="indicator")

    def columns(self) -> dict[str, Any]:
        """What is kept of it, wherever it is pinned."""
        words = {"body": self.body.strip(), "reason": self.reason.strip()}
        return {"kind": self.kind, "indicator_code": self.indicator.strip(), **words}


def issue_note(actor: User, version: PaperVersion, new: NewNote) -> GuidanceNote:
    """The bureau writes a numbered opinion on the newest version; it is never edited afterwards.

    One that touches a score needs its reason (财监4号 art. 3) and gates nothing. Sending a
    version back is an act of its own.
    """
    require(actor, Permission.NOTE_ISSUE, version)
    paper = version.paper
    lock(paper)
    _check(version, new)
    note = GuidanceNote(
        engagement=version.engagement,
        paper=paper,
        version=version,
        number=queries.next_number(paper),
        page=new.page,
        place=new.place.strip(),
        author=actor,
        issued_at=clock.now(),
        **new.columns(),
    )
    db.session.add(note)
    audit.record(actor, audit.Event.NOTE_ISSUED, paper, scope=version.engagement, **_told(note))
    telling.tell_of_opinion(note)
    return note


def reply_to_note(actor: User, note: GuidanceNote, body: str) -> NoteReply:
    """The agency answers an opinion that is not settled; several answers may follow each other."""
    require(actor, Permission.NOTE_REPLY, note)
    _must_be_unsettled(note)
    if not body.strip():
        raise Invalid(_("Write the answer"))
    reply = NoteReply(note=note, body=body.strip(), author=actor, sent_at=clock.now())
    db.session.add(reply)
    audit.record(
        actor,
        audit.Event.NOTE_ANSWERED,
        note.paper,
        scope=note.engagement,
        note=note.number,
        index_no=note.paper.index_no,
        words=reply.body,
    )
    telling.tell_author(note)
    return reply


def settle_note(actor: User, note: GuidanceNote) -> None:
    """Who issued an opinion, or the performance section, says that it is dealt with."""
    require(actor, Permission.NOTE_SETTLE, note)
    _must_be_unsettled(note)
    note.settled_at, note.settled_by_id = clock.now(), actor.id
    audit.record(
        actor,
        audit.Event.NOTE_SETTLED,
        note.paper,
        scope=note.engagement,
        note=note.number,
        index_no=note.paper.index_no,
    )
    telling.tell_agency_of_settlement(note)


def _check(version: PaperVersion, new: NewNote) -> None:
    """An opinion is on what lies before the bureau now."""
    if version.number != version.paper.current_version:
        raise Stale
    if version.paper.withdrawn_at is not None:
        raise Conflict(_("This paper was withdrawn"))
    new.check(version.engagement)
    if new.page is not None and new.page < 1:
        raise Invalid(_("Pages are counted from 1"), field="page")


def _must_be_unsettled(note: GuidanceNote) -> None:
    lock(note)
    if note.settled_at is not None:
        raise Conflict(_("This opinion is settled already"))


def _told(note: GuidanceNote) -> dict[str, object]:
    return {
        "note": note.number,
        "note_kind": note.kind,
        "index_no": note.paper.index_no,
        "version": note.version.number,
        "words": note.body,
        "reason": note.reason,
    }
