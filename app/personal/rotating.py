"""A new key for all that is encrypted: every value is sealed again, while people work.

The key itself is made by two people (app/identity/acts.py); this is a job.
"""

from typing import Any

from sqlalchemy import Column, Table, Text, or_, select, type_coerce, update

from app import audit
from app.db import Base, db, transaction
from app.encrypted import EncryptedText, ring
from app.notifications.models import MessageChoice, MessageTarget

BATCH = 500
EVERY_SECONDS = 600


def seal_again() -> tuple[str, int]:
    """Seal with the newest key what an older one seals; its name, and how many values it took.

    What was interrupted is finished by the next call. Old keys stay in the file: older backups
    need them.
    """
    name = ring().newest
    seal_plain()
    count = sum(_seal_again(table, column, name) for table, column in encrypted_columns())
    if count:
        with transaction():
            event = audit.Event.PERSONAL_KEY_ROTATED
            audit.record(audit.PORTAL, event, f"personal_key:{name}", values=count)
    return name, count


def seal_plain() -> None:
    """Seal what a release before wrote in plain: mail addresses, targets' addresses and secrets.

    The rows are held meanwhile, so that nobody's new address is lost.
    """
    mails = select(MessageChoice).where(MessageChoice.plain_email != "")
    in_plain = or_(MessageTarget.plain_secret != "", MessageTarget.plain_url != "")
    with transaction():
        for choice in db.session.scalars(mails.with_for_update()):
            choice.email = choice.plain_email
        for target in db.session.scalars(select(MessageTarget).where(in_plain).with_for_update()):
            target.url, target.secret = target.url, target.secret


def encrypted_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column of the schema whose text is sealed."""
    tables = Base.metadata.sorted_tables
    return [(t, c) for t in tables for c in t.columns if isinstance(c.type, EncryptedText)]


def _seal_again(table: Table, column: Column[Any], name: str) -> int:
    """One column: what another person writes meanwhile has the new key already and is left."""
    (key,) = table.primary_key.columns
    raw, count, sealed_for = type_coerce(column, Text), 0, column.type
    if not isinstance(sealed_for, EncryptedText):
        return 0
    old = raw.is_not(None) & raw.not_like(f"v1.{name}.%")
    while True:
        with transaction():
            rows = db.session.execute(select(key, raw).where(old).limit(BATCH)).all()
            for number, sealed in rows:
                plain = ring().unseal(sealed, sealed_for.purpose)
                change = update(table).where(key == number, raw == sealed)
                db.session.execute(change.values({column.name: plain}))
        count += len(rows)
        if len(rows) < BATCH:
            return count
