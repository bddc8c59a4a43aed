"""Alembic's environment, our own: SQLite's foreign keys are off while a migration runs."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app import migrating, rights
from app.db import Base, db

config = context.config


def configure(connection: Connection, **more: bool) -> None:
    """Tell Alembic of the connection and of the models."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, compare_type=True, **more
    )


def run() -> None:
    """Run the migrations on the app's database."""
    with db.engine.connect().execution_options(writes=True) as connection:
        if connection.dialect.name == "sqlite":
            run_sqlite(connection)
        else:
            run_postgresql(connection)


def run_sqlite(connection: Connection) -> None:
    """All of them in one transaction: there is one writer anyway."""
    # A batch migration copies tables; with foreign keys on it would empty the children.
    # The pragma does nothing inside a transaction, so it goes to the driver before BEGIN.
    connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    configure(connection, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves broken references: {broken[:5]}")
    connection.commit()
    connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def run_postgresql(connection: Connection) -> None:
    """Each in a transaction of its own, so that no table is held longer than its own change."""
    migrating.take_turn(connection)
    try:
        migrating.patiently(connection, lambda: run_one_by_one(connection))
        rights.give(connection)
        connection.commit()
    finally:
        connection.rollback()
        migrating.end_turn(connection)


def run_one_by_one(connection: Connection) -> None:
    configure(connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: they need the database's own answers")
if not current_app:
    raise SystemExit("run migrations through `xingping migrate`")
run()
