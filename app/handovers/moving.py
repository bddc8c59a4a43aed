"""What moves of itself with a hand-over, and who hears what others hear."""

from collections.abc import Collection, Iterable

from flask_babel import lazy_gettext as _
from sqlalchemy import func, insert, literal, select

from app import clock
from app.accounts.models import User
from app.db import db
from app.handovers import Movable, queries
from app.notifications.models import Message


def _unread(giver: User) -> int:
    query = select(func.count()).where(Message.user_id == giver.id, Message.read_at.is_(None))
    return db.session.scalar(query) or 0


def _copy_unread(giver: User, taker: User) -> int:
    """The taker finds what the giver has not read; the giver's own lines stay."""
    columns = [Message.user_id, Message.kind, Message.facts, Message.link, Message.sent_at]
    told = select(literal(taker.id), *columns[1:])
    told = told.where(Message.user_id == giver.id, Message.read_at.is_(None)).order_by(Message.id)
    count = _unread(giver)
    db.session.execute(insert(Message).from_select(columns, told, include_defaults=False))
    return count


MESSAGES = Movable("messages", _("Unread messages"), _unread, _copy_unread)


def deputies_too(people: Collection[int]) -> Iterable[int]:
    """Whoever deputises today hears what their principals hear."""
    return queries.deputies_of(people, clock.today())
