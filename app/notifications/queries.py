"""Who is told, and what waits in an inbox. Nothing here changes anything."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select

from app import clock
from app.accounts.models import User
from app.db import db
from app.notifications.models import Message
from app.policy import Person, Role


def inbox(user: Person) -> Select[Message]:
    """Exactly the messages to this person; the caller orders and pages them."""
    return select(Message).where(Message.user_id == user.id)


def unread_count(user: Person) -> int:
    """How many messages wait to be read."""
    unread = select(func.count()).where(Message.user_id == user.id, Message.read_at.is_(None))
    return db.session.scalar(unread) or 0


def recipients(organisation_ids: Collection[int], roles: Collection[Role]) -> Sequence[int]:
    """The people of these organisations in these roles whose accounts are in use, by id."""
    there = User.organisation_id.in_(organisation_ids)
    return db.session.scalars(_in_use(roles).where(there)).all()


def holders_of(*roles: Role) -> Sequence[int]:
    """Everybody in these roles whose account is in use, wherever they work, by id."""
    return db.session.scalars(_in_use(roles)).all()


def _in_use(roles: Collection[Role]) -> Select[int]:
    still = or_(User.access_ends_on.is_(None), User.access_ends_on >= clock.today())
    there = User.organisation.has(closed_at=None)
    query = select(User.id).where(User.closed_at.is_(None), still, there)
    return query.where(User.role.in_(roles)).order_by(User.id)
