"""The postman: takes what is due from the outbox, hands it over, notes what the other side said.

Three moments are kept apart, each in a transaction of its own: taken (with a lease), handed (right
before the words leave) and sent (after they were accepted). Whoever is killed before the second
has sent nothing; after it nobody can know, so the words leave again under the same key and the log
says so.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, or_, select, update

from app import audit, clock, queueing
from app.db import db, end_read, transaction
from app.notifications import hooks, mails
from app.notifications.lines import Away, Item, Line, Parcel, Refused, Unsure
from app.notifications.models import Delivery, MessageChoice
from app.notifications.outbox import POST
from app.queueing.models import QueuedJob
from app.queueing.running import told

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
PAUSES = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)  # seconds
MOST_TRIES = 9
MOST_TOGETHER = 200  # lines of a digest
EMPTY = Parcel(key="", route="", tries=0, items=())


def look() -> None:
    """Have the postman go where something is due: what waits for its hour, or is tried again."""
    due = select(Delivery.id).where(*_ready(), Delivery.route.not_in(_closed())).limit(1)
    if db.session.scalar(due) is None:
        return
    goes = select(QueuedJob.id).where(QueuedJob.name == POST, QueuedJob.done_at.is_(None))
    if db.session.scalar(goes.where(QueuedJob.failed_at.is_(None)).limit(1)) is None:
        queueing.enqueue(POST)


def post() -> int:
    """Send all that is due; a way out that can't be reached is left for the next round."""
    away, count = _closed(), 0
    while (parcel := _take(away)) is not None:
        if not parcel.items:
            continue
        try:
            _deliver(parcel)
            count += 1
        except (Refused, Unsure) as error:
            _failed(parcel, error)
        except Exception as error:
            if not isinstance(error, Away):
                log.exception("a message by %s failed", parcel.route)
            away.add(parcel.route)
            _failed(parcel, error)
    return count


def _closed() -> set[str]:
    """The ways out that this portal doesn't have: what would leave there waits."""
    return set() if current_app.config["SMTP_URL"] else {"mail"}


def _ready() -> tuple[ColumnElement[bool], ...]:
    now = clock.now()
    free = or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now)
    return Delivery.sent_at.is_(None), Delivery.dead_at.is_(None), Delivery.due_at <= now, free


def _take(away: set[str]) -> Parcel | None:
    """Claim what leaves next, all lines of a digest together; None where nothing is due."""
    with transaction():
        query = select(Delivery.batch).where(*_ready(), Delivery.route.not_in(away))
        query = query.order_by(Delivery.due_at, Delivery.id).limit(1)
        batch = db.session.scalar(query)
        if batch is None:
            return None
        mine = select(Delivery).where(*_ready(), Delivery.batch == batch).order_by(Delivery.id)
        rows = db.session.scalars(mine.limit(MOST_TOGETHER).with_for_update()).all()
        if not rows:
            return EMPTY  # another postman was quicker
        for row in rows:
            row.claimed_until, row.tries = clock.now() + LEASE, row.tries + 1
        _tell_repeated(rows[0])
        return _parcel(rows)


def _tell_repeated(first: Delivery) -> None:
    """Nobody knows whether what was handed over before arrived: the log says that it goes again."""
    if first.handed_at is not None:
        audit.record(
            audit.PORTAL,
            audit.Event.DELIVERY_REPEATED,
            first,
            message_key=first.batch,
            route=first.route,
            tries=first.tries,
        )


def _parcel(rows: Sequence[Delivery]) -> Parcel:
    """The rows free of the database, with what is known of the other side now."""
    first, items = rows[0], tuple(_item(row) for row in rows)
    parcel = Parcel(key=first.batch, route=first.route, tries=first.tries, items=items)
    if first.target is not None:
        target = first.target
        return replace(parcel, target=hooks.Robot(target.format, target.url, target.secret))
    choice = db.session.get(MessageChoice, first.user_id)
    locale = first.user.locale if first.user else None
    return replace(parcel, address=choice.email if choice else "", locale=locale)


def _item(row: Delivery) -> Item:
    return Item(row.id, row.kind, dict(row.facts), row.link, row.made_at)


def _deliver(parcel: Parcel) -> None:
    """Call, note that the words leave, hand them over, note that they were taken."""
    if parcel.route == "mail" and not parcel.address:
        raise Refused("the person has no address any more", for_good=True)
    line: Line = mails.line_for(parcel) if parcel.route == "mail" else hooks.line_for(parcel)
    end_read()  # nothing of the database is held while the other side thinks
    with line:
        _note(parcel.ids, handed_at=clock.now())
        line.hand_over()
        _note(parcel.ids, sent_at=clock.now(), claimed_until=None, error="")


def _failed(parcel: Parcel, error: Exception) -> None:
    """Try again after a pause, or never: where it was refused for good, or too often."""
    end_read()
    for_good = isinstance(error, Refused) and error.for_good
    values: dict[str, object] = {"claimed_until": None, "error": told(error)}
    if isinstance(error, Away | Refused):
        values["handed_at"] = None  # the other side has not taken it, and that is known
    if for_good or parcel.tries >= MOST_TRIES:
        values["dead_at"] = clock.now()
    else:
        pause = PAUSES[min(parcel.tries, len(PAUSES)) - 1]
        values["due_at"] = clock.now() + timedelta(seconds=pause)
    _note(parcel.ids, **values)


def _note(numbers: Sequence[int], **values: object) -> None:
    with transaction():
        db.session.execute(update(Delivery).where(Delivery.id.in_(numbers)).values(**values))
