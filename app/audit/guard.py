"""What the database itself refuses: changing or removing a row of the log."""

from sqlalchemy import Connection, text

TABLES = ("audit_event", "audit_leaf", "audit_node", "audit_checkpoint")


def trigger_names(dialect: str) -> list[str]:
    """Return the triggers that the first migration sets on this kind of database.

    On SQLite one of them refuses a row whose key is taken, for INSERT OR REPLACE would remove the
    older row without asking the others.
    """
    kinds = ("change", "truncate") if dialect == "postgresql" else ("update", "delete", "replace")
    return [f"{table}_refuses_{kind}" for table in TABLES for kind in kinds]


def missing(connection: Connection) -> list[str]:
    """Return the triggers that are not there or were switched off, by name."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        asked = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
    else:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    there = set(connection.scalars(text(asked)))
    return [name for name in trigger_names(dialect) if name not in there]
