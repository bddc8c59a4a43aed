"""The database session, and the one place that commits."""

import enum
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, got_request_exception, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, registry

from app.errors import REFUSALS, Conflict, SentTwice

log = logging.getLogger(__name__)

BigKey = BigInteger().with_variant(Integer, "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Enums are stored as their short values in plain text columns: readable, and free to grow.
ENUM = Enum(
    enum.Enum, native_enum=False, length=40, values_callable=lambda kind: [m.value for m in kind]
)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcTime(), enum.Enum: ENUM},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit once, at the end of one user action; roll back whatever goes wrong.

    The read that load() opened ends first, so that require() judges fresh rows; on SQLite the
    new transaction begins IMMEDIATE, so that two writers never both read before they write.
    """
    info = db.session.info
    if "after_commit" in info:
        raise RuntimeError("transaction() does not nest: services never commit")
    db.session.rollback()
    info["after_commit"] = []
    try:
        db.session.connection(execution_options={"writes": True})
        yield
        db.session.commit()
    except BaseException as error:
        db.session.rollback()
        if isinstance(error, IntegrityError) and (name := broken(error)) in REFUSALS:
            kind = SentTwice if "sent_form" in name else Conflict
            raise kind(REFUSALS[name]) from error
        raise
    finally:
        calls = info.pop("after_commit")
    for call in calls:
        try:
            call()
        except Exception:
            log.exception("the change is kept, but what should follow it failed")


def broken(error: IntegrityError) -> str:
    """Name the constraint that refused the row: PostgreSQL tells it, SQLite names the columns."""
    told = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if told:
        return str(told)
    unique = re.search(r"UNIQUE constraint failed: (.+)", str(error.orig))
    if unique:
        columns = [part.strip().split(".") for part in unique[1].split(",")]
        return "_".join(["uq", columns[0][0], *(column for _table, column in columns)])
    check = re.search(r"CHECK constraint failed: (\w+)", str(error.orig))
    return check[1] if check else ""


def end_read() -> None:
    """Give the connection back before something slow; what is asked next is read afresh."""
    db.session.rollback()


def after_commit(call: Callable[[], object]) -> None:
    """Do something outside the database (mail, queue) only if the change is kept."""
    db.session.info["after_commit"].append(call)


def lock(record: Base) -> None:
    """Hold the record's row until the end of the transaction, and read it afresh.

    Only its own row, not those that are read with it, and not against others who point at it.
    """
    db.session.refresh(record, with_for_update={"of": type(record), "key_share": True})


def prepare_engine(engine: Engine) -> None:
    """Settings that hold on every connection, in tests too."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "busy_timeout=15000",
            "synchronous=FULL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def end_broken_read(_app: Flask, **_more: object) -> None:
    """After an error that nobody foresaw: the page that tells of it asks the database anew."""
    db.session.rollback()


def init_app(app: Flask) -> None:
    """Join the database to the app, and make a forgotten transaction() loud."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    got_request_exception.connect(end_broken_read, app, weak=False)

    @app.after_request
    def refuse_lost_write(response: Response) -> Response:
        if db.session.new or db.session.dirty or db.session.deleted:
            raise RuntimeError("a view left a change unsaved: transaction() is missing")
        return response


@event.listens_for(db.session, "before_flush")
def refuse_stray_write(_session: object, *_rest: object) -> None:
    """A write outside transaction() would be lost silently; say so at once."""
    if has_request_context() and "after_commit" not in db.session.info:
        raise RuntimeError("a view changed a record outside transaction()")
