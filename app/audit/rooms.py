"""The events by the room of the house they are of, for readers who do not know their names."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.audit.events import Event
from app.audit.sentences import (
    assessing,
    comparing,
    course,
    custody,
    evidence,
    growth,
    judging,
    oversight,
    papers,
    people,
    process,
    procuring,
    register,
    running,
    work,
)
from app.errors import Words


@dataclass(frozen=True)
class Room:
    """What a reader calls these events, and their names."""

    label: Words
    events: tuple[str, ...]


def _room(label: Words, sentences: Mapping[Event, Words]) -> Room:
    return Room(label, tuple(event.label for event in sentences))


ROOMS: Mapping[str, Room] = {
    "people": _room(_("Accounts, sign-in and access"), people.SENTENCES),
    "register": _room(_("Agency directory"), register.SENTENCES),
    "work": _room(_("Engagements, stages and guidance"), work.SENTENCES),
    "process": _room(_("Document requests, fieldwork, consultation, review"), process.SENTENCES),
    "papers": _room(_("Papers, reports and indicators"), papers.SENTENCES),
    "course": _room(_("Amendments, documents and payments"), course.SENTENCES),
    "judging": _room(_("Reviews, appeals and rankings"), judging.SENTENCES),
    "assessing": _room(_("Quality assessment and measures"), assessing.SENTENCES),
    "procuring": _room(_("Procurement"), procuring.SENTENCES),
    "comparing": _room(_("Comparisons, bids and framework agreements"), comparing.SENTENCES),
    "evidence": _room(_("Conflicts of interest"), evidence.SENTENCES),
    "oversight": _room(_("Warnings and oversight"), oversight.SENTENCES),
    "custody": _room(_("Files, archives and destruction"), custody.SENTENCES),
    "growth": _room(_("Training and exchange"), growth.SENTENCES),
    "running": _room(_("Running of the portal"), running.SENTENCES),
}
