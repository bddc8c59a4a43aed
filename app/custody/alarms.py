"""What is wrong with the store is told once: when it is found, and not at every further look."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from app import audit, clock
from app.custody.models import StoreAlarm, Wrong
from app.db import db
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Role

STORE = "object_store:all"
TOLD = (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.PERFORMANCE_OFFICER)
PAGE = "/store"

Finding = tuple[Wrong, str]


def note(found: Collection[Finding], *, settles: Iterable[Finding] = ()) -> list[Finding]:
    """Keep what is new and tell it; settle what a look no longer found. Returns the new ones.

    `settles` are those of the open alarms that this look could have found again.
    """
    known = {(one.wrong, one.name): one for one in open_alarms()}
    for finding in settles:
        if finding in known and finding not in found:
            known[finding].settled_at = clock.now()
    fresh = sorted(set(found) - known.keys())
    for wrong, name in fresh:
        db.session.add(StoreAlarm(wrong=wrong, name=name, found_at=clock.now()))
    if of_files := [one for one in fresh if one[0] is not Wrong.HANDSHAKE]:
        _tell(of_files)
    return fresh


def open_alarms() -> list[StoreAlarm]:
    """What is wrong now, oldest first."""
    unsettled = select(StoreAlarm).where(StoreAlarm.settled_at.is_(None))
    return list(db.session.scalars(unsettled.order_by(StoreAlarm.id)))


def _tell(fresh: list[Finding]) -> None:
    kinds = sorted({str(wrong) for wrong, _name in fresh})
    audit.record(
        audit.PORTAL,
        audit.Event.STORE_ALARMED,
        STORE,
        wrong=kinds,
        keys=[name for _wrong, name in fresh],
    )
    count = str(len(fresh))
    send(people.holders_of(*TOLD), Kind.STORE_ALARM, {"count": count}, PAGE)
