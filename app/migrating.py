"""What a migration does to large tables while people work: one at a time, and never in their way.

On PostgreSQL each migration is a transaction of its own, and whatever has to wait for a table
gives up after some seconds and tries again: a statement that waits for a long reader would keep
everybody else out behind it.
"""

import logging
import time
from collections.abc import Callable, Sequence

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)
TURN = 44  # PostgreSQL's advisory lock of whoever migrates
PATIENCE = "4s"  # so long others may wait behind a migration that waits
TRIES = 30
PAUSE_SECONDS = 2.0
NOT_AVAILABLE = "55P03"
# Tables that grow without end: an index on one of them is added by add_index() alone.
LARGE = frozenset({
    "alert", "audit_event", "audit_leaf", "delivery", "document_request", "engagement",
    "file_key", "guidance_note", "message", "paper_version", "request_item", "retention_lock",
    "review", "review_invitation", "review_score", "search_entry", "search_gram", "search_text",
    "stage", "task", "text_bucket", "version_file", "working_paper",
})  # fmt: skip


def add_index(name: str, table: str, columns: Sequence[str], *, where: str = "") -> None:
    """Add an index to a large table while others read and write it.

    What an attempt that was broken off left behind is removed first. The migration that calls it
    does nothing else that could not be done twice: its transaction ends here.
    """
    context = op.get_context()
    if context.dialect.name != "postgresql":
        op.create_index(name, table, list(columns), sqlite_where=text(where) if where else None)
        return
    with context.autocommit_block():
        op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_concurrently=True,
            postgresql_where=text(where) if where else None,
        )


def take_turn(connection: Connection) -> None:
    """Of several processes that start together one migrates, the others wait without a snapshot.

    An index that is built beside the work waits for every open snapshot, so nobody may wait for
    the lock inside a statement.
    """
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:turn)"), {"turn": TURN}):
        connection.rollback()
        time.sleep(0.2)
    connection.rollback()


def end_turn(connection: Connection) -> None:
    """Let the next one migrate."""
    connection.execute(text("SELECT pg_advisory_unlock(:turn)"), {"turn": TURN})
    connection.commit()


def patiently(connection: Connection, run: Callable[[], None]) -> None:
    """Run the migrations, again and again where somebody holds a table; the last error is told."""
    for left in reversed(range(TRIES)):
        connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}'")
        connection.commit()
        try:
            run()
            return
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != NOT_AVAILABLE or not left:
                raise
            connection.rollback()
            log.warning("somebody holds a table; the migration tries again")
            time.sleep(PAUSE_SECONDS)
