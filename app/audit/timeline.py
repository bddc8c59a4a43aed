"""What happened to a thing, newest first, in words."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, or_, select, true

from app.audit import name_of
from app.audit.canonical import read
from app.audit.events import Event
from app.audit.models import AuditEvent
from app.audit.wording import actor_words, sentence
from app.db import Base, db
from app.policy import Person, sees_whole_district

# What somebody took away: a look, of which only their own are told to those who are looked at.
TAKEN_AWAY = tuple(one.label for one in Event if one.label.endswith((".exported", ".taken")))
# Facts that are the number of an account: a sentence says the name.
ACCOUNTS = ("deputy", "giver", "officer", "principal", "taker")
# Finds the names of accounts; accounts stand above the log, so the caller gives it.
Names = Callable[[Collection[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Entry:
    """One event as a page shows it."""

    id: int
    at: datetime
    event: str
    subject: str
    scope: str | None
    who: str
    sentence: str
    facts: Mapping[str, Any]


def events_about(*things: Base | str, kinds: Collection[str] = ()) -> Select[AuditEvent]:
    """Select what happened to these things and to what belongs to them, newest first.

    `kinds` keeps the events whose names begin with one of these words, where any are given. Who
    was refused is for the log alone: nothing happened to the thing, and its readers needn't know.
    """
    names = [name_of(thing) for thing in things]
    about = or_(AuditEvent.subject.in_(names), AuditEvent.scope.in_(names))
    about &= AuditEvent.event != Event.ACCESS_REFUSED.label
    query = select(AuditEvent).where(about).order_by(AuditEvent.id.desc())
    wanted = [AuditEvent.event.startswith(f"{kind}.", autoescape=True) for kind in kinds]
    return query.where(or_(*wanted)) if wanted else query


def told_to(user: Person) -> ColumnElement[bool]:
    """The events that this person may hear of: an overseer's look is for overseers alone."""
    if sees_whole_district(user, None):
        return true()
    return or_(AuditEvent.event.not_in(TAKEN_AWAY), AuditEvent.actor_id == user.id)


def timeline(
    *things: Base | str,
    names: Names,
    limit: int = 50,
    kinds: Collection[str] = (),
    reader: Person | None = None,
) -> list[Entry]:
    """Return the newest entries about these things, told in the reader's language.

    A reader who isn't one of the overseers hears of nobody else's looks.
    """
    query = events_about(*things, kinds=kinds).limit(limit)
    if reader is not None:
        query = query.where(told_to(reader))
    return told(db.session.scalars(query), names)


def told(events: Iterable[AuditEvent], names: Names) -> list[Entry]:
    """Put events into words; whose names are wanted is asked once for all."""
    rows = [(event, read(event.canonical)) for event in events]
    acting = {event.actor_id for event, _body in rows if event.actor_id}
    acting |= {body["for"] for _event, body in rows if "for" in body}
    found = names(acting.union(*(_accounts(body["facts"]).values() for _event, body in rows)))
    return [_entry(event, body, found) for event, body in rows]


def naming(entries: Iterable[Entry], names: Mapping[str, str]) -> list[Entry]:
    """Say whom an entry is about that names no person, by the record that it is about.

    The log is never erased, so names stand in the records alone and are added when it is read.
    """
    return [
        replace(one, sentence=one.sentence + gettext(": ") + names[one.subject])
        if names.get(one.subject)
        else one
        for one in entries
    ]


def _entry(event: AuditEvent, body: Mapping[str, Any], names: Mapping[int, str]) -> Entry:
    who = actor_words(event.actor_id, body["role"], names)
    if "for" in body:
        principal = actor_words(body["for"], body["role"], names)
        who = gettext("%(deputy)s for %(principal)s", deputy=who, principal=principal)
    facts = body["facts"]
    told_names = {key: actor_words(of, None, names) for key, of in _accounts(facts).items()}
    return Entry(
        id=event.id, at=event.at, event=event.event, subject=event.subject, scope=event.scope,
        who=who, sentence=sentence(event.event, who, {**facts, **told_names}), facts=facts,
    )  # fmt: skip


def _accounts(facts: Mapping[str, Any]) -> dict[str, int]:
    return {name: facts[name] for name in ACCOUNTS if isinstance(facts.get(name), int)}
