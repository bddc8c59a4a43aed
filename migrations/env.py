"""Alembic's environment, our own: SQLite's foreign keys are off while a migration runs."""

from alembic import context
from flask import current_app

from app import rights
from app.db import Base, db

config = context.config


def run() -> None:
    """Run the migrations on the app's database, all of them in one transaction."""
    engine = db.engine
    with engine.connect().execution_options(writes=True) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A batch migration copies tables; with foreign keys on it would empty the children.
            # The pragma does nothing inside a transaction, so it goes to the driver before BEGIN.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration leaves broken references: {broken[:5]}")
        if not is_sqlite:
            rights.give(connection)
        connection.commit()
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: they need the database's own answers")
if not current_app:
    raise SystemExit("run migrations through `xingping migrate`")
run()
