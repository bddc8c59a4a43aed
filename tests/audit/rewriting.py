"""Edits by chance, and whole histories rewritten by somebody who holds the key as well."""

from sqlalchemy import inspect, text

from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf, AuditNode
from tests.audit.tampering import leaf_of, one, run


def edit_anything(session, chance):
    """Edit one column of one row of the log, by chance, to another value of its kind."""
    model = chance.choice([AuditEvent, AuditLeaf, AuditNode, AuditCheckpoint])
    table = model.__table__
    keys = [c.name for c in inspect(model).primary_key]
    name = chance.choice([c.name for c in table.columns if c.name not in keys])
    row = chance.choice(session.execute(text(f"SELECT * FROM {table.name}")).mappings().all())
    where = " AND ".join(f"{key} = :{key}" for key in keys)
    values = {"value": other(row[name], name, chance), **{key: row[key] for key in keys}}
    run(session, f"UPDATE {table.name} SET {name} = :value WHERE {where}", **values)
    return table.name, name, values


def other(value, name, chance):
    """Another value of the same kind."""
    if name in ("at", "signed_at"):
        return "2020-02-02 02:02:02.020202"
    if isinstance(value, bytes):
        return chance.randbytes(len(value))
    if isinstance(value, str):
        place = chance.randrange(len(value))
        return value[:place] + ("ö" if value[place] != "ö" else "o") + value[place + 1 :]
    return 987654 if name in ("xid", "actor_id", "event_id") else "engagement:5"


def rewrite_and_sign_again(db, sealing, transaction, *, from_id, signer=None):
    """Change an entry, then seal everything anew in the same steps with the stolen key."""
    with transaction():
        session = db.session
        sizes = [
            r[0] for r in session.execute(text("SELECT size FROM audit_checkpoint ORDER BY size"))
        ]
        run(
            session,
            "UPDATE audit_event SET canonical = replace(canonical, '\"x\"', '\"y\"') WHERE id = :k",
            k=from_id,
        )
        canonical = one(session, "SELECT canonical FROM audit_event WHERE id = :k", k=from_id)[0]
        run(
            session,
            "UPDATE audit_event SET leaf = :l WHERE id = :k",
            l=leaf_of(canonical),
            k=from_id,
        )
        for table in ("audit_checkpoint", "audit_node", "audit_leaf"):
            run(session, f"DELETE FROM {table}")
    before, most = 0, sealing.MOST_ROWS
    try:
        for size in sizes:
            sealing.MOST_ROWS = size - before
            with transaction():
                sealing.seal(signer)
            before = size
    finally:
        sealing.MOST_ROWS = most


def cut_everything_after(session, size):
    """Remove entries, places, kept hashes and checkpoints after a checkpoint: an older state."""
    run(session, "DELETE FROM audit_event WHERE id > :n", n=size)
    run(session, "DELETE FROM audit_leaf WHERE seq >= :n", n=size)
    run(session, "DELETE FROM audit_checkpoint WHERE size > :n", n=size)
    run(session, "DELETE FROM audit_node")
