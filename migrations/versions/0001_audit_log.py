"""The audit log: events, their places in the tree, checkpoints, and what refuses to change them.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("audit_event", "audit_leaf", "audit_node", "audit_checkpoint")
TAKEN = {
    "audit_event": "id = NEW.id",
    "audit_leaf": "seq = NEW.seq OR event_id = NEW.event_id",
    "audit_node": "level = NEW.level AND position = NEW.position",
    "audit_checkpoint": "size = NEW.size",
}
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade():
    create_tables()
    if op.get_context().dialect.name == "postgresql":
        guard_postgresql()
    else:
        guard_sqlite()


def create_tables():
    op.create_table(
        "audit_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("xid", sa.BigInteger()),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("scope", sa.String(120)),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_event_subject_id", "audit_event", ["subject", "id"])
    op.create_index("ix_audit_event_scope_id", "audit_event", ["scope", "id"])
    op.create_index("ix_audit_event_xid", "audit_event", ["xid"])
    op.create_table(
        "audit_leaf",
        sa.Column("seq", KEY, autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("xid", sa.BigInteger()),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_leaf"),
        sa.UniqueConstraint("event_id", name="uq_audit_leaf_event_id"),
    )
    op.create_table(
        "audit_node",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name="pk_audit_node"),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", KEY, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("signed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_audit_checkpoint"),
    )


def guard_sqlite():
    for table in TABLES:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
            )
        # INSERT OR REPLACE would remove the older row without asking the trigger above
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {TAKEN[table]})"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} {taken} {refuse}"
        )


def guard_postgresql():
    op.execute(
        "ALTER TABLE audit_event ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint"
    )
    op.execute(
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""
    )
    for table in TABLES:
        for name, when in (
            (f"{table}_refuses_change", f"UPDATE OR DELETE ON {table} FOR EACH ROW"),
            (f"{table}_refuses_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION audit_refuse()")
            # ALWAYS: not even a session that plays replica gets past it
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    op.execute(
        f"""DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'xingping_app') THEN
    REVOKE ALL ON {", ".join(TABLES)} FROM xingping_app;
    GRANT SELECT, INSERT ON {", ".join(TABLES)} TO xingping_app;
    GRANT USAGE ON SEQUENCE audit_event_id_seq TO xingping_app;
  END IF;
END $$"""
    )


def downgrade():
    raise NotImplementedError("the audit log is never taken down")
