"""The bell of the change feed: targets that follow it are told, signed, that there is more."""

from sqlalchemy import select

from app.api.changes import SCOPE, last_place
from app.audit.models import AuditEvent, AuditLeaf
from app.db import db
from app.notifications import outbox
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, Format, MessageTarget

EVERY_SECONDS = 15
FEED = "/api/v1/changes?after={after}"


def ring() -> int:
    """Tell every target that follows the feed of what was sealed since it was told last.

    The message names places of the log and nothing else; what happened is read with a token.
    """
    end, told = last_place(), 0
    for target in followers():
        after = told_until(target)
        if after is None or has_news(after):
            facts = {"after": str(-1 if after is None else after), "until": str(end)}
            news = outbox.News(Kind.FEED_CHANGED, facts, FEED.format(after=facts["after"]))
            outbox.tell_target(news, target.id, f"feed:{target.id}:{end}")
            told += 1
    return told


def followers() -> list[MessageTarget]:
    """The targets in use that ask for the feed by name: an empty choice means all other kinds."""
    query = select(MessageTarget).where(MessageTarget.retired_at.is_(None))
    generic = query.where(MessageTarget.format == Format.GENERIC).order_by(MessageTarget.id)
    return [each for each in db.session.scalars(generic) if Kind.FEED_CHANGED.label in each.kinds]


def told_until(target: MessageTarget) -> int | None:
    """Up to which place the target was told; None where it never was."""
    mine = Delivery.target_id == target.id, Delivery.kind == Kind.FEED_CHANGED.label
    newest = select(Delivery.facts).where(*mine).order_by(Delivery.id.desc()).limit(1)
    facts = db.session.scalar(newest)
    return None if facts is None else int(facts["until"])


def has_news(after: int) -> bool:
    """Whether anything of an engagement was sealed after a place."""
    found = (
        select(AuditLeaf.seq)
        .join(AuditEvent, AuditEvent.id == AuditLeaf.event_id)
        .where(AuditLeaf.seq > after, AuditEvent.scope.startswith(SCOPE))
    )
    return db.session.scalar(found.limit(1)) is not None
