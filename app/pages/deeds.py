"""已办: what this person did, out of the log, newest first. Reads only."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, not_, or_, select

from app.accounts.models import User
from app.accounts.queries import accounts_visible_to, names_of
from app.agencies.queries import agencies_visible_to
from app.audit.models import AuditEvent
from app.audit.timeline import Entry, told
from app.db import db
from app.engagements.queries import engagements_visible_to
from app.expert_reviews.queries import reviews_visible_to
from app.papers.queries import papers_visible_to
from app.rankings.queries import snapshots_visible_to
from app.web import Page, here

# What is no work that was done: coming and going, refusals, looking.
NO_WORK = ("sign_in.", "access.", "message_choice.", "message.")
LOOKING = (".downloaded", ".previewed", ".viewed", ".read_copy", ".refused", ".exported")
SIZE, LOOKED_AT = 50, 2000
Seen = Callable[[User], Select[Any]]  # what a person may open of a table
# Where the page of a thing is, by the table that the log names, and whose page it still is: one
# acts on things that one may not open, or not any more.
PAGES: dict[str, tuple[str, str, Seen]] = {
    "engagement": ("engagements.show", "engagement_id", engagements_visible_to),
    "working_paper": ("papers.show", "paper_id", papers_visible_to),
    "expert_review": ("expert_reviews.show", "review_id", reviews_visible_to),
    "agency": ("agencies.show", "agency_id", agencies_visible_to),
    "user_account": ("accounts.person", "user_id", accounts_visible_to),
    "ranking_snapshot": ("rankings.show", "snapshot_id", snapshots_visible_to),
}


@dataclass(frozen=True)
class Deed:
    """One thing that was done, and the page that shows it."""

    entry: Entry
    url: str


def deeds_of(user: User, before: int | None, after: int | None) -> Page:
    """Exactly the acts of this person, below or above an entry's number.

    Whoever reads all day has thousands of entries between two acts, so a page looks at no more
    than LOOKED_AT of them, and may hold fewer acts than the next.
    """
    number, newer = AuditEvent.id, after is not None
    own = [AuditEvent.actor_id == user.id]
    own += [number > after] if newer else [number < before] if before is not None else []
    order = number.asc() if newer else number.desc()
    looked = select(number).where(*own).order_by(order).offset(LOOKED_AT - 1).limit(1)
    if (last := db.session.scalar(looked)) is not None:
        own.append(number <= last if newer else number >= last)
    found = select(AuditEvent).where(*own, not_(_idle())).order_by(order).limit(SIZE + 1)
    events = db.session.scalars(found).all()
    on = events[SIZE - 1].id if len(events) > SIZE else last
    if newer:
        return _page(events[:SIZE][::-1], on, (after or 0) + 1)
    return _page(events[:SIZE], None if before is None else before - 1, on)


def _page(events: Sequence[AuditEvent], up: int | None, down: int | None) -> Page:
    """The page, and the addresses of what is newer and older than its acts."""
    newer = events[0].id if events and up is not None else up
    return Page(
        events,
        None if down is None else here(before=down, after=None),
        None if newer is None else here(after=newer, before=None),
    )


def _idle() -> ColumnElement[bool]:
    name = AuditEvent.event
    begins = [name.startswith(begin, autoescape=True) for begin in NO_WORK]
    return or_(*begins, *(name.endswith(end, autoescape=True) for end in LOOKING))


def shown(user: User, events: Sequence[AuditEvent]) -> list[Deed]:
    """The same in words, each with the page of its thing, or of what that belongs to."""
    entries = told(events, names_of)
    names = {name for entry in entries for name in (entry.subject, entry.scope or "")}
    pages = _pages(user, names)
    return [Deed(one, pages.get(one.subject) or pages.get(one.scope or "", "")) for one in entries]


def _pages(user: User, names: Collection[str]) -> dict[str, str]:
    """The pages of these things that this person may open, in one statement for each table."""
    found = {}
    for table, (endpoint, argument, seen) in PAGES.items():
        keys = [key for name in names if (key := _key(name, table))]
        if not keys:
            continue
        query = seen(user).order_by(None)
        number = query.selected_columns["id"]
        for key in db.session.scalars(query.where(number.in_(keys)).with_only_columns(number)):
            values: dict[str, Any] = {argument: key}
            found[f"{table}:{key}"] = url_for(endpoint, **values)
    return found


def _key(name: str, table: str) -> int | None:
    kind, _colon, key = name.partition(":")
    return int(key) if kind == table and key.isdigit() else None
