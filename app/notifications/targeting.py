"""Robots and systems that are told: kept by the system administrator, and never removed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app import audit, clock
from app.accounts.models import Organisation, User
from app.db import db
from app.notifications import outbox
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, Format, MessageTarget
from app.policy import Permission, require
from app.queueing import enqueue


@dataclass(frozen=True)
class NewTarget:
    """What the system administrator tells of a target."""

    name: str
    format: Format
    url: str
    secret: str
    kinds: tuple[str, ...]
    organisation: Organisation | None


def add_target(actor: User, new: NewTarget) -> MessageTarget:
    """The system administrator has a group or a system told of some kinds of things."""
    require(actor, Permission.SYSTEM_CONFIGURE, None)
    target = MessageTarget(made_at=clock.now())
    _fill(target, new)
    db.session.add(target)
    _record(actor, audit.Event.TARGET_ADDED, target)
    return target


def edit_target(actor: User, target: MessageTarget, new: NewTarget) -> None:
    """The system administrator changes a target; an empty secret leaves the present one."""
    require(actor, Permission.SYSTEM_CONFIGURE, None)
    _fill(target, new)
    _record(actor, audit.Event.TARGET_CHANGED, target)


def retire_target(actor: User, target: MessageTarget) -> None:
    """The target is told no more; what waits for it still leaves."""
    require(actor, Permission.SYSTEM_CONFIGURE, None)
    target.retired_at = target.retired_at or clock.now()
    _record(actor, audit.Event.TARGET_RETIRED, target)


def try_target(actor: User, target: MessageTarget) -> None:
    """The system administrator has a trial sent to the target."""
    require(actor, Permission.SYSTEM_CONFIGURE, None)
    news = outbox.News(Kind.TRIAL, {"name": target.name}, "/messages/targets")
    outbox.try_out(news, target=target.id)
    audit.record(actor, audit.Event.MESSAGE_TRIED, target, route="hook")


def retry_delivery(actor: User, delivery: Delivery) -> None:
    """The system administrator has sent again what was given up; it begins to count anew."""
    require(actor, Permission.SYSTEM_RETRY, None)
    if delivery.dead_at is None:
        return  # somebody was quicker
    delivery.dead_at, delivery.tries, delivery.due_at = None, 0, clock.now()
    enqueue(outbox.POST)
    audit.record(actor, audit.Event.DELIVERY_RETRIED, delivery, route=delivery.route)


def _fill(target: MessageTarget, new: NewTarget) -> None:
    target.name, target.format, target.url = new.name, new.format, new.url
    target.secret = new.secret or target.secret or ""
    target.kinds, target.organisation = list(new.kinds), new.organisation


def _record(actor: User, event: audit.Event, target: MessageTarget) -> None:
    """What the log tells: never the address's path or query, which hold the robot's key."""
    host = urlsplit(target.url).hostname or ""
    audit.record(
        actor, event, target, host=host, name=target.name, target_format=target.format.value
    )
