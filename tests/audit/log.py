"""A log of the tests: writing, sealing, and what somebody with the database's password can do."""

from sqlalchemy import select, text

from app import audit
from app.audit import sealing
from app.audit.checking import Trust
from app.audit.keys import known_keys
from app.audit.models import AuditLeaf
from app.audit.verifying import verify_in
from app.db import db, transaction

SEALS = (1, 2, 40, 250, 7)  # entries a seal: 300 in all, so that a kept hash is there too


def write(number, first=1):
    for n in range(first, first + number):
        audit.record(audit.PORTAL, audit.Event.SIGN_IN_REFUSED, f"user_account:{n}", reason="x")


def seal(**more):
    with transaction():
        return sealing.seal(**more)


def leaves():
    return list(db.session.scalars(select(AuditLeaf.leaf).order_by(AuditLeaf.seq)))


def check(anchors=(), keys=None):
    """Verify the log as this test's transaction sees it."""
    return verify_in(db.session.connection(), Trust(keys or known_keys(), anchors))


def unguard():
    """What somebody with the database's own password can do."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        for table in ("audit_event", "audit_leaf", "audit_node", "audit_checkpoint"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    db.session.commit()
