"""What is happening, for whoever may see it; and the log as its own readers see it. Reads only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, select, union_all

from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit import Event
from app.audit.models import AuditEvent
from app.audit.timeline import Entry, told
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import engagements_visible_to
from app.policy import UNIT_ROLES, Permission, can, sees_whole_district
from app.web import page_of

# The events that a feed may tell, by the first part of their name; all else is for the log.
WORK = ("engagement", "stage", "round")
PAPERS = ("paper", "version", "note", "report")
MOST = 30  # engagements of a house whose events the feed tells
UNTOLD = frozenset({"engagement.assigned", "paper.downloaded", "paper.upload_refused"})


@dataclass(frozen=True)
class Deed:
    """What was done, and of which engagement."""

    at: datetime
    sentence: str
    note: str
    url: str


def newest(user: User, limit: int) -> list[Deed]:
    """The newest events of the engagements that this person may see, in words, with their names."""
    if not can(user, Permission.BOARD_READ, None):
        return []
    parts = WORK if user.role in UNIT_ROLES else WORK + PAPERS
    kinds = [e.label for e in Event if e.label.partition(".")[0] in parts and e.label not in UNTOLD]
    query = select(AuditEvent).where(AuditEvent.event.in_(kinds))
    if not sees_whole_district(user, None):
        query = query.where(AuditEvent.id.in_(_newest_of(_living(user), kinds, limit)))
    events = db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit))
    return _placed(told(events, names_of))


def _placed(entries: Sequence[Entry]) -> list[Deed]:
    """Each with the engagement that it is about: a feed tells of many."""
    about = [_engagement_of(one.scope or one.subject) for one in entries]
    query = select(Engagement.id, Engagement.code, Engagement.name).where(Engagement.id.in_(about))
    known = {key: f"{code} {name}" for key, code, name in db.session.execute(query)}
    return [
        Deed(one.at, one.sentence, known.get(key, ""), f"/engagements/{key}" if key else "")
        for one, key in zip(entries, about, strict=True)
    ]


def _engagement_of(place: str) -> int:
    kind, _colon, key = place.partition(":")
    return int(key) if kind == "engagement" and key.isdecimal() else 0


def _living(user: User) -> list[str]:
    """The engagements whose events a house is told of: those that run, then the newest others."""
    order = Engagement.closed_at.is_not(None), Engagement.id.desc()
    keys = engagements_visible_to(user).with_only_columns(Engagement.id).order_by(None)
    return [f"engagement:{key}" for key in db.session.scalars(keys.order_by(*order).limit(MOST))]


def _newest_of(scopes: Sequence[str], kinds: Sequence[str], limit: int) -> Select[int]:
    """The newest events of each of these, found one by one in the index: a log of millions
    is never read through for a house that has few of them.
    """
    told_kinds = AuditEvent.event.in_(kinds)
    each = [
        select(AuditEvent.id)
        .where(AuditEvent.scope == scope, told_kinds)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
        .subquery()
        for scope in scopes
    ]
    found = union_all(*(select(one.c.id) for one in each)) if each else None
    return select(AuditEvent.id).where(false()) if found is None else select(found.subquery().c.id)


def score_opinions(_user: User) -> dict[str, Any]:
    """Opinions that touch a score, out of the log itself: with reason, newest first."""
    touching = AuditEvent.canonical.contains('"note_kind":"score"', autoescape=True)
    issued = AuditEvent.event.in_([Event.NOTE_ISSUED.label, Event.STAGE_NOTE_ISSUED.label])
    page = page_of(select(AuditEvent).where(issued, touching), AuditEvent.id)
    facts = [json.loads(event.canonical)["facts"] for event in page.items]
    return {"page": page, "rows": list(zip(told(page.items, names_of), facts, strict=True))}
