"""What the database must be: reachable, in this release's form, Chinese, guarded, on time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text

from app import clock
from app.audit import guard
from app.audit.sealing import overdue
from app.db import db
from app.operations.findings import Finding, bad, good, watch
from app.rights import ROLE

PART = "database"
OLDEST_POSTGRES = 130_000
DRIFT_SECONDS, UNSEALED_SECONDS = 5, 60
RESTART = "is the portal (or a worker) running? see the errors of the job `seal`"


def database() -> Iterator[Finding]:
    """Ask the database for itself."""
    connection = db.session.connection()
    yield from (_sqlite if connection.dialect.name == "sqlite" else _postgres)(connection)
    yield _schema(connection)
    yield _guards(connection)


def answers() -> Iterator[Finding]:
    """Ask only whether the database answers in this release's form."""
    yield _schema(db.session.connection())


def _sqlite(connection: Connection) -> Iterator[Finding]:
    version = connection.scalar(text("SELECT sqlite_version()"))
    mode = connection.scalar(text("PRAGMA journal_mode"))
    whole = connection.scalar(text("PRAGMA quick_check(1)"))
    yield good(PART, f"SQLite {version}, one machine")
    if mode != "wal":
        yield bad(PART, f"journal mode {mode}", "put the var folder on a local disk, not a share")
    if whole != "ok":
        yield bad(PART, f"damaged: {whole}", "stop the portal and restore the last backup")


def _postgres(connection: Connection) -> Iterator[Finding]:
    asked = (
        "SELECT current_setting('server_version_num')::int, current_user, datcollate, datctype,"
        " pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    )
    number, user, _collate, ctype, encoding = connection.execute(text(asked)).one()
    yield good(PART, f"PostgreSQL {number // 10_000}.{number % 10_000} as {user}")
    if number < OLDEST_POSTGRES:
        yield bad(PART, "older than PostgreSQL 13", "upgrade the server")
    if encoding != "UTF8" or ctype in {"C", "POSIX"}:
        mend = "dump, CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8' ENCODING 'UTF8', load"
        yield bad("collation", f"{encoding}, LC_CTYPE {ctype}: Chinese isn't searched", mend)
    if not connection.scalar(text("SELECT has_table_privilege('audit_event', 'DELETE')")):
        yield good("rights", f"{user} can't remove or change what stands in the log")
        return
    mend = f"run the portal as {ROLE}; keep the owner for `xingping migrate`"
    yield watch("rights", f"{user} owns the log: only triggers keep it", mend)


def _schema(connection: Connection) -> Finding:
    folder = current_app.extensions["migrate"].directory
    newest = ScriptDirectory(str(folder)).get_current_head()
    stands = MigrationContext.configure(connection).get_current_revision()
    if stands == newest:
        return good("schema", f"release {stands}")
    return bad("schema", f"stands at {stands}, this release wants {newest}", "xingping migrate")


def _guards(connection: Connection) -> Finding:
    if gone := guard.missing(connection):
        told = f"the log isn't guarded: {', '.join(gone)}"
        return bad("guards", told, "xingping audit verify, then find out who switched them off")
    return good("guards", "the database refuses changes of the log")


def seals() -> Iterator[Finding]:
    """Ask whether the sealer keeps up."""
    if late := overdue(clock.now() - timedelta(seconds=UNSEALED_SECONDS)):
        told = f"entries wait for their seal for over {UNSEALED_SECONDS} s, from {late[0]} on"
        yield bad("seals", told, RESTART)
        return
    yield good("seals", "every entry of the log is sealed")


def time_of_day() -> Iterator[Finding]:
    """Hold this machine's clock against the database's, and against what the log has seen."""
    connection, theirs = db.session.connection(), None
    newest = connection.scalar(text("SELECT max(at) FROM audit_event"))
    if connection.dialect.name == "postgresql":
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    ours, mend = clock.now(), "set the clock (chrony or systemd-timesyncd) on every machine"
    if theirs is not None and abs((ours - theirs).total_seconds()) > DRIFT_SECONDS:
        drift = (ours - theirs).total_seconds()
        yield bad("clock", f"{drift:+.0f} s beside the database server", mend)
    elif newest is not None and (ahead := (_moment(newest) - ours).total_seconds()) > DRIFT_SECONDS:
        yield bad("clock", f"the log's newest entry lies {ahead:.0f} s in the future", mend)
    else:
        yield good("clock", f"{ours.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S} Asia/Shanghai")


def _moment(stored: datetime | str) -> datetime:
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
