"""The change feed: what the sealed log says of engagements, as far as the reader may know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select

from app.api.shaping import LARGEST, Told
from app.audit import timeline
from app.audit.models import AuditEvent, AuditLeaf
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import engagements_visible_to
from app.engagements.views import WITHOUT_PAPERS
from app.papers.queries import readable_engagements
from app.policy import Person, sees_whole_district

SCOPE = "engagement:"


@dataclass(frozen=True)
class ChangesAsked:
    """From which place of the log on."""

    after: Annotated[int, Told(_("The place that was read last; -1: from the start"), -1, LARGEST)]
    limit: Annotated[int, Told(_("How many at most"), 1, 500)] = 100


@dataclass(frozen=True)
class Change:
    """One entry of the log; what it says beside stands behind the addresses of its records."""

    seq: Annotated[int, Told(_("Its place in the sealed log, which never changes"))]
    at: Annotated[datetime, Told(_("When it happened"))]
    event: Annotated[str, Told(_("What happened"))]
    subject: Annotated[str, Told(_("The record that it happened to: its kind and number"))]
    engagement_id: Annotated[int, Told(_("The engagement that it belongs to"))]


@dataclass(frozen=True)
class Changes:
    """Entries in the order of the log."""

    items: Annotated[list[Change], Told(_("The entries"))]
    after: Annotated[int, Told(_("The place to go on from, also where nothing was found"))]
    more: Annotated[bool, Told(_("Whether there is more already"))]


def changes_for(user: Person, asked: ChangesAsked) -> Changes:
    """The entries after a place that this person finds on the time lines of engagements too."""
    query = (
        select(AuditLeaf.seq, AuditEvent.at, AuditEvent.event, AuditEvent.subject, AuditEvent.scope)
        .join(AuditEvent, AuditEvent.id == AuditLeaf.event_id)
        .where(AuditLeaf.seq > asked.after, told_to(user))
        .order_by(AuditLeaf.seq)
        .limit(asked.limit + 1)
    )
    end = last_place()
    rows = db.session.execute(query).all()
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    items = [
        Change(seq, at, event, subject, int(str(scope).removeprefix(SCOPE)))
        for seq, at, event, subject, scope in rows
    ]
    place = items[-1].seq if more else max(asked.after, end, *(one.seq for one in items[-1:]))
    return Changes(items, place, more)


def last_place() -> int:
    """The place of the newest sealed entry; -1 where there is none."""
    found = db.session.scalar(select(func.max(AuditLeaf.seq)))
    return -1 if found is None else int(found)


def told_to(user: Person) -> ColumnElement[bool]:
    """The same entries as on the pages: of papers and opinions only to those who read them."""
    if sees_whole_district(user, None):
        return AuditEvent.scope.startswith(SCOPE)
    scope = literal(SCOPE) + cast(Engagement.id, String)
    papers = select(scope).where(readable_engagements(user))
    seen = engagements_visible_to(user).order_by(None).with_only_columns(scope)
    plain = or_(*(AuditEvent.event.startswith(f"{kind}.") for kind in WITHOUT_PAPERS))
    mine = or_(AuditEvent.scope.in_(papers), and_(AuditEvent.scope.in_(seen), plain))
    return and_(mine, timeline.told_to(user))
