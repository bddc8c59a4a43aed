"""What somebody with the database's own password might do to the log, and where it shows first.

Each kind works on the log of test_verifying.py: ids 1 to 303 and places 0 to 299, sealed at sizes
1, 3, 43, 293 and 300, three entries waiting. It returns the table and number to be named.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

from sqlalchemy import inspect, text

from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf, AuditNode

EVENT = "audit_event"


def run(session, statement, **values):
    session.execute(text(statement), values)


def one(session, statement, **values):
    return session.execute(text(statement), values).one()


def leaf_of(canonical):
    return hashlib.sha256(b"\0" + canonical.encode()).digest()


def edit_text(session, chance):
    key = chance.randint(2, 299)
    run(
        session,
        "UPDATE audit_event SET canonical = replace(canonical, '\"x\"', '\"y\"') WHERE id = :k",
        k=key,
    )
    return EVENT, key


def edit_by_a_combining_mark(session, chance):
    """The same letters to the eye: é as one code point or as two."""
    key = chance.randint(2, 299)
    old = one(session, "SELECT canonical FROM audit_event WHERE id = :k", k=key)[0]
    changed = old.replace("sign_in", "si\u0301gn_in")
    assert unicodedata.normalize("NFC", changed) != old
    run(session, "UPDATE audit_event SET canonical = :c WHERE id = :k", c=changed, k=key)
    return EVENT, key


def edit_text_and_its_hash(session, chance):
    key = chance.randint(50, 280)
    text_ = one(session, "SELECT canonical FROM audit_event WHERE id = :k", k=key)[0].replace(
        '"x"', '"y"'
    )
    run(
        session,
        "UPDATE audit_event SET canonical = :c, leaf = :l WHERE id = :k",
        c=text_,
        l=leaf_of(text_),
        k=key,
    )
    return EVENT, key


def edit_text_and_both_hashes(session, chance):
    """Nothing but the signed root is left as a witness: it names where its seal begins."""
    edit = edit_text_and_its_hash(session, chance)
    leaf = one(session, "SELECT leaf FROM audit_event WHERE id = :k", k=edit[1])[0]
    run(session, "UPDATE audit_leaf SET leaf = :l WHERE event_id = :k", l=leaf, k=edit[1])
    return EVENT, 44


def column(name, value):
    def edit(session, chance):
        key = chance.randint(2, 299)
        run(session, f"UPDATE audit_event SET {name} = {value} WHERE id = :k", k=key)
        return EVENT, key

    return edit


def swap_entries(session, chance):
    a, b = sorted(chance.sample(range(2, 299), 2))
    run(session, "UPDATE audit_event SET id = -1 WHERE id = :a", a=a)
    run(session, "UPDATE audit_event SET id = :a WHERE id = :b", a=a, b=b)
    run(session, "UPDATE audit_event SET id = :b WHERE id = -1", b=b)
    return EVENT, a


def swap_places(session, chance):
    """In the tree, not in the events: on SQLite the gapless ids tell, elsewhere what was signed."""
    run(session, "UPDATE audit_leaf SET seq = -1 WHERE seq = 60")
    run(session, "UPDATE audit_leaf SET seq = 60 WHERE seq = 70")
    run(session, "UPDATE audit_leaf SET seq = 70 WHERE seq = -1")
    return EVENT, 61 if is_sqlite(session) else 44


def swap_entries_and_renumber(session, chance):
    """Ids, hashes and places all follow the swap."""
    swap_entries(session, type("Fixed", (), {"sample": lambda *_: [60, 70]})())
    run(
        session,
        "UPDATE audit_leaf SET leaf = (SELECT leaf FROM audit_event WHERE id = event_id),"
        " xid = (SELECT xid FROM audit_event WHERE id = event_id) WHERE event_id IN (60, 70)",
    )
    return EVENT, 44


def delete_entry(session, chance):
    key = chance.randint(2, 299)
    run(session, "DELETE FROM audit_event WHERE id = :k", k=key)
    return EVENT, key


def delete_entry_and_place(session, chance):
    key = chance.randint(2, 299)
    run(session, "DELETE FROM audit_event WHERE id = :k", k=key)
    run(session, "DELETE FROM audit_leaf WHERE event_id = :k", k=key)
    return "audit_leaf", key - 1


def delete_and_close_the_gap(session, chance):
    run(session, "DELETE FROM audit_event WHERE id = 60")
    run(session, "DELETE FROM audit_leaf WHERE event_id = 60")
    for seq in range(60, 300):
        run(session, "UPDATE audit_leaf SET seq = :n WHERE seq = :s", n=seq - 1, s=seq)
    return EVENT, 60 if is_sqlite(session) else 44


def insert_and_make_room(session, chance):
    for seq in range(299, 59, -1):
        run(session, "UPDATE audit_leaf SET seq = :n WHERE seq = :s", n=seq + 1, s=seq)
    run(
        session,
        "INSERT INTO audit_event (id, xid, canonical, leaf, event, subject, actor_id, at)"
        " SELECT 999, xid, canonical, leaf, event, subject, actor_id, at FROM audit_event WHERE id = 5",
    )
    run(
        session,
        "INSERT INTO audit_leaf (seq, event_id, xid, leaf)"
        " SELECT 60, id, xid, leaf FROM audit_event WHERE id = 999",
    )
    return EVENT, 61 if is_sqlite(session) else 44


def slip_in_below(session, chance):
    """An entry of long ago that no seal took in."""
    run(
        session,
        "INSERT INTO audit_event (id, xid, canonical, leaf, event, subject, actor_id, at)"
        " SELECT -5, xid, canonical, leaf, event, subject, actor_id, at FROM audit_event WHERE id = 5",
    )
    return EVENT, -5


def add_a_forged_one(session, chance):
    """After all others, but its hash is not that of its text."""
    run(
        session,
        "INSERT INTO audit_event (id, canonical, leaf, event, subject, actor_id, at)"
        " SELECT 304, canonical, :l, event, subject, actor_id, at FROM audit_event WHERE id = 5",
        l=bytes(32),
    )
    return EVENT, 304


def edit_a_waiting_one(session, chance):
    run(
        session,
        "UPDATE audit_event SET canonical = replace(canonical, '\"x\"', '\"y\"') WHERE id = 302",
    )
    return EVENT, 302


def cut_entries(session, chance):
    run(session, "DELETE FROM audit_event WHERE id > 290")
    return EVENT, 291


def cut_entries_and_places(session, chance):
    run(session, "DELETE FROM audit_event WHERE id > 290")
    run(session, "DELETE FROM audit_leaf WHERE event_id > 290")
    return "audit_leaf", 290


def cut_places(session, chance):
    run(session, "DELETE FROM audit_leaf WHERE event_id > 290")
    return "audit_leaf", 290


def shift_a_boundary(session, chance):
    """The same characters overall, divided otherwise between two columns."""
    run(
        session,
        "UPDATE audit_event SET event = event || 'u', subject = substr(subject, 2) WHERE id = 77",
    )
    return EVENT, 77


def checkpoint(name, value, size=43):
    def edit(session, chance):
        run(session, f"UPDATE audit_checkpoint SET {name} = {value} WHERE size = {size}")
        return "audit_checkpoint", size

    return edit


def remove_checkpoint(session, chance):
    """The next one's statement misses what was signed in between."""
    run(session, "DELETE FROM audit_checkpoint WHERE size = 43")
    return "audit_checkpoint", 293


def move_checkpoint(session, chance):
    run(session, "UPDATE audit_checkpoint SET size = 44 WHERE size = 43")
    return "audit_checkpoint", 44


def remove_last_checkpoint(session, chance):
    run(session, "DELETE FROM audit_checkpoint WHERE size = 300")
    return EVENT, 294


def leaf_column(name, value, first_bad=None):
    def edit(session, chance):
        key = chance.randint(50, 280)
        run(session, f"UPDATE audit_leaf SET {name} = {value} WHERE event_id = :k", k=key)
        return first_bad(key) if first_bad else (EVENT, key)

    return edit


def edit_transaction(session, chance):
    run(session, "UPDATE audit_event SET xid = 5 WHERE id = 70")
    run(session, "UPDATE audit_leaf SET xid = 5 WHERE event_id = 70")
    return "audit_checkpoint", 293


def edit_node(session, chance):
    run(session, "UPDATE audit_node SET hash = :h", h=bytes(32))
    return "audit_node", 0


def remove_node(session, chance):
    run(session, "DELETE FROM audit_node")
    return "audit_node", 0


def add_node(session, chance):
    run(session, "INSERT INTO audit_node VALUES (8, 1, :h)", h=bytes(32))
    return "audit_node", 1


def add_node_of_another_height(session, chance):
    run(session, "INSERT INTO audit_node VALUES (16, 0, :h)", h=bytes(32))
    return "audit_node", None


def is_sqlite(session):
    return session.get_bind().dialect.name == "sqlite"


NEW_LEAF = "(SELECT leaf FROM audit_event WHERE id = 1)"
KINDS = {
    "edit text": edit_text,
    "edit by a combining mark": edit_by_a_combining_mark,
    "edit text and its hash": edit_text_and_its_hash,
    "edit text and both hashes": edit_text_and_both_hashes,
    "edit hash": column("leaf", NEW_LEAF),
    "edit event": column("event", "'sign_in.done'"),
    "edit subject": column("subject", "'user_account:7777'"),
    "edit scope": column("scope", "'engagement:1'"),
    "edit actor": column("actor_id", "5"),
    "edit no actor": column("actor_id", "NULL"),
    "edit time": column("at", "'2020-01-01 00:00:00.000001'"),
    "edit transaction of entry": column("xid", "12345"),
    "swap entries": swap_entries,
    "swap entries and renumber": swap_entries_and_renumber,
    "swap places": swap_places,
    "delete": delete_entry,
    "delete with its place": delete_entry_and_place,
    "delete and close the gap": delete_and_close_the_gap,
    "insert and make room": insert_and_make_room,
    "slip in below": slip_in_below,
    "add a forged one": add_a_forged_one,
    "edit a waiting one": edit_a_waiting_one,
    "cut entries": cut_entries,
    "cut entries and places": cut_entries_and_places,
    "cut places": cut_places,
    "shift a boundary": shift_a_boundary,
    "edit checkpoint root": checkpoint("root", NEW_LEAF),
    "edit checkpoint note": checkpoint("note", "replace(note, 'a', 'b')"),
    "edit checkpoint batch": checkpoint("batch", "replace(batch, 'a', 'b')"),
    "edit checkpoint time": checkpoint("signed_at", "'2020-01-01 00:00:00.000001'"),
    "remove checkpoint": remove_checkpoint,
    "move checkpoint": move_checkpoint,
    "remove last checkpoint": remove_last_checkpoint,
    "edit sealed hash": leaf_column("leaf", NEW_LEAF),
    "edit sealed transaction": leaf_column("xid", "77"),
    "edit transactions": edit_transaction,
    "edit kept hash": edit_node,
    "remove kept hash": remove_node,
    "add kept hash": add_node,
    "add kept hash of another height": add_node_of_another_height,
}
COLUMNS_ONLY = {
    "edit event", "edit subject", "edit scope", "edit actor", "edit no actor", "edit time",
    "shift a boundary", "edit checkpoint root", "edit checkpoint time", "edit kept hash",
    "remove kept hash", "add kept hash", "add kept hash of another height",
    # the file has the hash and transaction of the tree only
    "edit hash", "edit transaction of entry",
}  # fmt: skip


@dataclass
class Undo:
    """How to put an edit back, and what it was."""

    statement: str
    values: dict


def edit_anything(db, chance):
    """Edit one column of one row of the log, by chance, to another value of its kind."""
    model = chance.choice([AuditEvent, AuditLeaf, AuditNode, AuditCheckpoint])
    table = model.__table__
    keys = [c.name for c in inspect(model).primary_key]
    name = chance.choice([c.name for c in table.columns if c.name not in keys])
    row = chance.choice(db.session.execute(text(f"SELECT * FROM {table.name}")).mappings().all())
    where = " AND ".join(f"{key} = :{key}" for key in keys)
    statement = f"UPDATE {table.name} SET {name} = :value WHERE {where}"
    values = {key: row[key] for key in keys}
    db.session.execute(text(statement), {"value": other(row[name], name, chance), **values})
    db.session.commit()
    return Undo(statement, {"value": row[name], **values})


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
