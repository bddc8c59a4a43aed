"""What the portal erases by itself when its days are over."""

from datetime import timedelta

from app import audit, clock
from app.db import db
from app.personal import queries


def erase_expired(days: int) -> int:
    """The portal erases ID numbers and telephones so many days after their accounts ended."""
    found = list(db.session.scalars(queries.expired(clock.now() - timedelta(days=days))))
    for kept in found:
        kept.id_number = kept.phone = None
        kept.erased_at = clock.now()
        subject = f"user_account:{kept.user_id}"
        audit.record(audit.PORTAL, audit.Event.PERSONAL_DATA_ERASED, subject)
    return len(found)
