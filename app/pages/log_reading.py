"""The log as its own readers see it: asked by room, person, day and subject. Reads only."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import request
from sqlalchemy import Select, or_, select

from app import clock
from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit import Event
from app.audit.models import AuditCheckpoint, AuditEvent
from app.audit.sentences import ROOMS, SENTENCES
from app.audit.timeline import told
from app.db import db
from app.engagements.models import Engagement
from app.policy import Permission, can
from app.timestamps.queries import newest_of_log
from app.web import page_of

ASKED = ("room", "who", "since", "until", "subject", "event")


def asked() -> dict[str, str]:
    """What this page's address asks for; a day that is none asks for nothing."""
    words = {name: request.args.get(name, "").strip()[:80] for name in ASKED}
    for name in ("since", "until"):
        day = _day(words[name])
        words[name] = day.isoformat() if day else ""
    return words | {"room": words["room"] if words["room"] in ROOMS else ""}


def entries_asked(words: Mapping[str, str]) -> Select[AuditEvent]:
    """The events that fit what was asked."""
    query = _named(select(AuditEvent), words)
    if words["who"]:
        fits = or_(
            User.name.icontains(words["who"], autoescape=True), User.login == words["who"].lower()
        )
        query = query.where(AuditEvent.actor_id.in_(select(User.id).where(fits)))
        query = query.where(AuditEvent.event.in_(_naming()))
    if since := _day(words["since"]):
        query = query.where(AuditEvent.at >= clock.start_of(since))
    if until := _day(words["until"]):
        query = query.where(AuditEvent.at < clock.start_of(until + timedelta(days=1)))
    if words["subject"]:
        thing = _thing(words["subject"])
        query = query.where(or_(AuditEvent.subject == thing, AuditEvent.scope == thing))
    return query


def log_page(user: User) -> dict[str, Any]:
    """One page of the log, newest first, with what is known of its seal."""
    words = asked()
    page = page_of(entries_asked(words), AuditEvent.id, 100)
    checkpoint = db.session.scalar(
        select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)
    )
    return {
        "page": page,
        "entries": told(page.items, names_of),
        "checkpoint": checkpoint,
        "stamp": newest_of_log(),
        "asked": words,
        "rooms": ROOMS,
        "may_export": can(user, Permission.AUDIT_EXPORT, None),
    }


def _named(query: Select[AuditEvent], words: Mapping[str, str]) -> Select[AuditEvent]:
    """By name, not by its beginning: each event's entries have their own order by id."""
    if words["room"]:
        query = query.where(AuditEvent.event.in_(ROOMS[words["room"]].events))
    if words["event"]:
        known = [event.label for event in Event if event.label.startswith(words["event"])]
        query = query.where(AuditEvent.event.in_(known))
    return query


def _naming() -> list[str]:
    """Whose sentence says who acted: whoever hands in a sealed review is not to be found out."""
    return [event.label for event, words in SENTENCES.items() if "%(who)s" in str(words)]


def _thing(words: str) -> str:
    """An engagement may be asked for by its number, as everybody calls it."""
    query = select(Engagement.id).where(Engagement.code == words.upper())
    key = None if ":" in words else db.session.scalar(query)
    return words if key is None else f"engagement:{key}"


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
