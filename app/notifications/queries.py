"""Who is told, and what waits in an inbox. Nothing here changes anything."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import User
from app.db import db
from app.notifications.models import Delivery, Message, MessageChoice, MessageTarget
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


def choice_of(user: Person) -> MessageChoice:
    """How this person wants to be told; whoever never chose is told in the inbox alone."""
    found = db.session.get(MessageChoice, user.id)
    return found or MessageChoice(user_id=user.id, email="", kinds_off=[], is_digest=False)


def targets() -> Sequence[MessageTarget]:
    """The robots and systems that are told, and those that were, the newest first."""
    query = select(MessageTarget).options(joinedload(MessageTarget.organisation))
    return db.session.scalars(query.order_by(MessageTarget.id.desc())).all()


def deliveries(state: str) -> Select[Delivery]:
    """The rows of the outbox in one state, with who they are for; the caller pages them."""
    query = select(Delivery).options(joinedload(Delivery.user), joinedload(Delivery.target))
    if state == "dead":
        return query.where(Delivery.dead_at.is_not(None))
    if state == "sent":
        return query.where(Delivery.sent_at.is_not(None))
    return query.where(Delivery.sent_at.is_(None), Delivery.dead_at.is_(None))


def delivery_counts() -> dict[str, int]:
    """How many rows of the outbox wait, are tried again, were given up."""
    waits = Delivery.sent_at.is_(None) & Delivery.dead_at.is_(None)
    states = (waits, waits & (Delivery.error != ""), Delivery.dead_at.is_not(None))
    sums = (func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in states)
    row = db.session.execute(select(*sums).where(Delivery.sent_at.is_(None))).one()
    return dict(zip(("open", "again", "dead"), (int(each) for each in row), strict=True))
