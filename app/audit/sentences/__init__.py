"""The sentence of each event, by the room of the house that it is of.

%(who)s is who acted, the event's facts go by their names.
"""

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
    """What a reader who doesn't know the events' names calls them, and their sentences."""

    label: Words
    sentences: Mapping[Event, Words]

    @property
    def events(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(event.label for event in self.sentences)


ROOMS: Mapping[str, Room] = {
    "people": Room(_("Accounts, sign-in and access"), people.SENTENCES),
    "register": Room(_("Agency directory"), register.SENTENCES),
    "work": Room(_("Engagements, stages and guidance"), work.SENTENCES),
    "process": Room(_("Document requests, fieldwork, consultation, review"), process.SENTENCES),
    "papers": Room(_("Papers, reports and indicators"), papers.SENTENCES),
    "course": Room(_("Amendments, documents and payments"), course.SENTENCES),
    "judging": Room(_("Reviews, appeals and rankings"), judging.SENTENCES),
    "assessing": Room(_("Quality assessment and measures"), assessing.SENTENCES),
    "procuring": Room(_("Procurement"), procuring.SENTENCES),
    "comparing": Room(_("Comparisons, bids and framework agreements"), comparing.SENTENCES),
    "evidence": Room(_("Conflicts of interest"), evidence.SENTENCES),
    "oversight": Room(_("Warnings and oversight"), oversight.SENTENCES),
    "custody": Room(_("Files, archives and destruction"), custody.SENTENCES),
    "growth": Room(_("Training and exchange"), growth.SENTENCES),
    "running": Room(_("Running of the portal"), running.SENTENCES),
}

SENTENCES = {event: words for room in ROOMS.values() for event, words in room.sentences.items()}
