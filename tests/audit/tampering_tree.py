"""Tampering with the tree, the checkpoints and the kept hashes; see tampering.py."""

from tests.audit.tampering import EVENT, run


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
