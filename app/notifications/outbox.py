"""The outbox: rows written in the transaction of what happened, one for each way out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select

from app import clock, queueing
from app.accounts.models import User
from app.db import db
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, MessageChoice, MessageTarget

POST = "messages.post"
DIGEST_AT = timedelta(hours=8, minutes=30)
NEW = {"tries": 0, "error": ""}

# Who hears of what these people hear of; upper features join theirs (deputies).
also_told: list[Callable[[Collection[int]], Iterable[int]]] = []


@dataclass(frozen=True)
class News:
    """What happened, as every way out tells it."""

    kind: Kind
    facts: Mapping[str, str]
    link: str

    def columns(self) -> dict[str, Any]:
        """The columns that a message and a delivery share."""
        return {"kind": self.kind.label, "facts": dict(self.facts), "link": self.link}


def write(news: News, messages: Mapping[int, int]) -> None:
    """Add the deliveries of one piece of news; `messages` are inbox lines by person.

    Each has a key of its own, so that the same news never leaves twice by the same way.
    """
    if not messages:
        return
    rows = [*_mails(news, messages), *_hooks(news, messages)]
    if not rows:
        return
    db.session.execute(insert(Delivery), rows)
    if any(row["due_at"] <= clock.now() for row in rows):
        queueing.enqueue(POST)


def _mails(news: News, messages: Mapping[int, int]) -> Iterable[dict[str, Any]]:
    wanted = MessageChoice.user_id.in_(messages), has_address()
    for choice in db.session.scalars(select(MessageChoice).where(*wanted)):
        if news.kind.label in choice.kinds_off:
            continue
        due, key = due_for(choice, clock.now()), f"mail:{messages[choice.user_id]}"
        batch = f"digest:{choice.user_id}:{due:%Y%m%d%H%M}" if choice.is_digest else key
        yield _row(news, key, "mail", due) | {"batch": batch, "user_id": choice.user_id}


def has_address() -> ColumnElement[bool]:
    """Whether a person wants mails at all, without reading where to."""
    return or_(MessageChoice.sealed_email.is_not(None), MessageChoice.plain_email != "")


def _hooks(news: News, messages: Mapping[int, int]) -> Iterable[dict[str, Any]]:
    """One delivery for each target that any of the recipients' organisations has."""
    targets = db.session.scalars(select(MessageTarget).where(MessageTarget.retired_at.is_(None)))
    found = [each for each in targets if not each.kinds or news.kind.label in each.kinds]
    if not found:
        return
    homes = set(db.session.scalars(select(User.organisation_id).where(User.id.in_(messages))))
    for target in found:
        if target.organisation_id is None or target.organisation_id in homes:
            key = f"hook:{target.id}:{min(messages.values())}"
            row = _row(news, key, f"hook:{target.id}", clock.now())
            yield row | {"batch": key, "target_id": target.id}


def _row(news: News, key: str, route: str, due: datetime) -> dict[str, Any]:
    nobody = {"user_id": None, "target_id": None}
    at = {"made_at": clock.now(), "due_at": due}
    return {"key": key, "route": route, **news.columns(), **at, **nobody, **NEW}


def due_for(choice: MessageChoice, now: datetime) -> datetime:
    """When a mail may leave: at once, after the quiet hours, or with the day's digest."""
    if choice.is_digest:
        return _next_digest(now)
    start, end = choice.quiet_from, choice.quiet_until
    if start is None or end is None or start == end:
        return now
    here = now.astimezone(clock.SHANGHAI)
    quiet = start <= here.hour < end if start < end else here.hour >= start or here.hour < end
    if not quiet:
        return now
    day = clock.day_of(now) + timedelta(days=1 if here.hour >= end else 0)
    return clock.start_of(day) + timedelta(hours=end)


def _next_digest(now: datetime) -> datetime:
    """Half past eight of the next working day, today's while it lies ahead."""
    today = clock.day_of(now)
    moment = clock.start_of(today) + DIGEST_AT
    if clock.is_working_day(today) and now < moment:
        return moment
    return clock.start_of(clock.add_working_days(today, 1)) + DIGEST_AT


def tell_target(news: News, target: int, key: str) -> None:
    """Add one delivery to a target that no inbox has; its key keeps it from leaving twice."""
    row = _row(news, key, f"hook:{target}", clock.now()) | {"batch": key, "target_id": target}
    db.session.execute(insert(Delivery), [row])
    queueing.enqueue(POST)


def try_out(news: News, *, user: int | None = None, target: int | None = None) -> None:
    """Add one delivery that no inbox has: a trial, which leaves at once."""
    key, route = f"trial:{token_hex(8)}", "mail" if target is None else f"hook:{target}"
    row = _row(news, key, route, clock.now()) | {"batch": key}
    db.session.execute(insert(Delivery), [row | {"user_id": user, "target_id": target}])
    queueing.enqueue(POST)
