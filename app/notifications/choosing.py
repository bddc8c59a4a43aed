"""How a person is told outside the inbox: one's own choice."""

from dataclasses import dataclass

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.notifications import outbox
from app.notifications.kinds import Kind
from app.notifications.models import MessageChoice
from app.notifications.queries import choice_of
from app.policy import Permission, require


@dataclass(frozen=True)
class NewChoice:
    """What a person asks for; without an address nothing leaves by mail."""

    email: str
    kinds_off: tuple[str, ...]
    is_digest: bool
    quiet_from: int | None
    quiet_until: int | None


def choose(actor: User, asked: NewChoice) -> MessageChoice:
    """The person says where, when and of what they are told by mail; what waits already stays."""
    choice = choice_of(actor)
    require(actor, Permission.MESSAGE_CHOOSE, choice)
    choice.email, choice.is_digest = asked.email, asked.is_digest
    choice.kinds_off = list(asked.kinds_off)
    choice.quiet_from, choice.quiet_until = asked.quiet_from, asked.quiet_until
    choice.changed_at = clock.now()
    db.session.add(choice)
    pace = "none" if not asked.email else "digest" if asked.is_digest else "at_once"
    audit.record(actor, audit.Event.MESSAGES_CHOSEN, choice, pace=pace)
    return choice


def try_mail(actor: User) -> None:
    """The person has a trial sent to the address that they chose."""
    choice = choice_of(actor)
    require(actor, Permission.MESSAGE_CHOOSE, choice)
    outbox.try_out(
        outbox.News(Kind.TRIAL, {"name": actor.name}, "/messages/choices"), user=actor.id
    )
    audit.record(actor, audit.Event.MESSAGE_TRIED, actor, route="mail")
