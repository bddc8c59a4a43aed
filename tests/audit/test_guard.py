"""The database refuses to change or remove a row of the log, whoever asks through the app."""

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from app import rights
from app.audit import guard
from app.db import db, transaction
from tests.audit.log import check


def refused(statement, words="append-only"):
    with pytest.raises(DatabaseError, match=words), transaction():
        db.session.execute(text(statement))


@pytest.mark.parametrize("table", guard.TABLES)
def test_no_row_can_be_changed_or_removed(log, table):
    for column in inspect(db.session.connection()).get_columns(table):
        refused(f"UPDATE {table} SET {column['name']} = {column['name']}")
    refused(f"DELETE FROM {table}")
    assert check().ok


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("table", guard.TABLES)
def test_no_row_can_be_replaced(log, table):
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    refused(f"REPLACE INTO {table} SELECT * FROM {table}")
    refused(
        "INSERT OR REPLACE INTO audit_leaf SELECT seq + 5000, event_id, xid, leaf FROM audit_leaf"
    )
    assert check().ok


@pytest.mark.database("postgres")
@pytest.mark.parametrize("table", guard.TABLES)
def test_no_table_can_be_emptied(log, table):
    refused(f"TRUNCATE {table}")
    refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.database("postgres")
def test_a_session_that_plays_replica_is_refused_too(log):
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.execute(text("DELETE FROM audit_event"))


@pytest.mark.database("postgres")
def test_upserts_are_refused(log):
    refused(
        "INSERT INTO audit_checkpoint SELECT * FROM audit_checkpoint"
        " ON CONFLICT (size) DO UPDATE SET note = ''"
    )


def test_every_guard_is_there_after_the_migrations(log):
    connection = db.session.connection()
    assert guard.missing(connection) == []
    assert set(guard.TABLES) <= set(inspect(connection).get_table_names())


@pytest.mark.database("postgres")
def test_the_apps_own_role_may_only_add(maker):
    """Where the role exists when the portal is set up, it gets INSERT and SELECT and no more."""
    from tests.conftest import make_settings, migrate

    name = rights.ROLE
    url = maker.url("roles_of_the_log")
    maker._create("roles_of_the_log", "template0")
    try:
        migrate(make_settings(maker.folder / "roles", url))
        engine = create_engine(url)
        with engine.connect() as connection:
            for table in guard.TABLES:
                given = {
                    right
                    for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
                    if connection.scalar(
                        text("SELECT has_table_privilege(:n, :t, :r)"),
                        {"n": name, "t": table, "r": right},
                    )
                }
                assert given == {"SELECT", "INSERT"}, table
        engine.dispose()
    finally:
        maker.drop(url)
