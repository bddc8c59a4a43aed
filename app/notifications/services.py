"""Tell people what happened, in the transaction of what happened; and mark it as read."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, update

from app import clock
from app.accounts.models import User
from app.db import db
from app.notifications import outbox
from app.notifications.kinds import Kind
from app.notifications.models import Message
from app.policy import Permission, require


def send(recipients: Iterable[User | int], kind: Kind, facts: Mapping[str, str], link: str) -> None:
    """Put one line into each person's inbox, once each, if the change that it tells of is kept.

    `facts` are exactly those of the kind; `link` is the path of the page that shows the thing.
    By mail and to robots it goes as each person and the system administrator chose.
    """
    if facts.keys() != kind.facts:
        raise ValueError(f"{kind.label} needs {sorted(kind.facts)}, got {sorted(facts)}")
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError(f"a message leads to a page of ours, not to {link}")
    people = {person if isinstance(person, int) else person.id for person in recipients}
    for others in outbox.also_told:
        people |= set(others(frozenset(people)))
    if not people:
        return
    news = outbox.News(kind, facts, link)
    same = {**news.columns(), "sent_at": clock.now()}
    added = insert(Message).returning(Message.user_id, Message.id)
    rows = db.session.execute(added, [{"user_id": key, **same} for key in sorted(people)])
    outbox.write(news, {row.user_id: row.id for row in rows})


def mark_read(actor: User, message: Message) -> None:
    """The person has seen the message."""
    require(actor, Permission.MESSAGE_READ, message)
    message.read_at = message.read_at or clock.now()


def mark_all_read(actor: User) -> None:
    """The person has seen every message that waited."""
    unread = update(Message).where(Message.user_id == actor.id, Message.read_at.is_(None))
    db.session.execute(unread.values(read_at=clock.now()))
