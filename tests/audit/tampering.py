"""What somebody with the database's own password might do to the log, and where it shows first.

Each kind works on the log of test_verifying.py: ids 1 to 303 and places 0 to 299, sealed at sizes
1, 3, 43, 293 and 300, three entries waiting. It returns the table and number to be named.
"""

import hashlib
import unicodedata

from sqlalchemy import text

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


def is_sqlite(session):
    return session.get_bind().dialect.name == "sqlite"
