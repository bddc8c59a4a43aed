"""已办: what this person did, out of the log, newest first. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, and_, not_, or_, select

from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit.models import AuditEvent
from app.audit.timeline import Entry, told

# What is no work that was done: coming and going, refusals, looking.
NO_WORK = ("sign_in.", "access.", "message_choice.", "message.")
LOOKING = (".downloaded", ".previewed", ".viewed", ".read_copy", ".refused", ".exported")
# Where the page of a thing is, by the table that the log names.
PAGES = {
    "engagement": ("engagements.show", "engagement_id"),
    "working_paper": ("papers.show", "paper_id"),
    "agency": ("agencies.show", "agency_id"),
    "organisation": ("accounts.organisation", "organisation_id"),
    "user_account": ("accounts.person", "user_id"),
    "ranking_snapshot": ("rankings.show", "snapshot_id"),
}


@dataclass(frozen=True)
class Deed:
    """One thing that was done, and the page that shows it."""

    entry: Entry
    url: str


def deeds_of(user: User) -> Select[AuditEvent]:
    """Exactly the acts of this person; the caller pages them by their numbers."""
    name = AuditEvent.event
    idle = [name.startswith(begin, autoescape=True) for begin in NO_WORK]
    idle += [name.endswith(end, autoescape=True) for end in LOOKING]
    return select(AuditEvent).where(and_(AuditEvent.actor_id == user.id, not_(or_(*idle))))


def shown(events: Sequence[AuditEvent]) -> list[Deed]:
    """The same in words, each with its page."""
    return [Deed(entry, _page_of(entry)) for entry in told(events, names_of)]


def _page_of(entry: Entry) -> str:
    for name in (entry.subject, entry.scope or ""):
        table, _colon, key = name.partition(":")
        if table in PAGES and key.isdigit():
            endpoint, argument = PAGES[table]
            values: dict[str, Any] = {argument: int(key)}
            return url_for(endpoint, **values)
    return ""
