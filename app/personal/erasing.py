"""What the portal erases by itself when its days are over."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app import audit, clock
from app.db import db
from app.personal import queries

# Who erases what of people whose accounts ended before a moment, and whose it was; features join.
erasers: list[Callable[[datetime], Iterable[int]]] = []


def erase_expired(days: int) -> int:
    """The portal erases what reaches or identifies people so many days after their accounts ended.

    ID numbers, telephones, addresses of mails; what upper features keep of the kind they erase too.
    """
    before = clock.now() - timedelta(days=days)
    found = list(db.session.scalars(queries.expired(before)))
    for kept in found:
        kept.id_number = kept.phone = None
        kept.erased_at = clock.now()
    choices = list(db.session.scalars(queries.expired_choices(before)))
    for choice in choices:
        choice.email = ""
    people = {one.user_id for one in found} | {one.user_id for one in choices}
    people.update(*(erase(before) for erase in erasers))
    for key in sorted(people):
        audit.record(audit.PORTAL, audit.Event.PERSONAL_DATA_ERASED, f"user_account:{key}")
    return len(people)
