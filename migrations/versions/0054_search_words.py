"""Words are searched in the database's own index: FTS5 on SQLite, GIN on PostgreSQL.

The table of pairs that the release before this one asks stays until the next one; its rows go,
for the words of each entry are read into the new index here.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

ROWS = 1000
MOST = 8000
RUN = re.compile(r"[^\W_]+")
TABLE = "search_text"
# The words lie in search_text alone; the index follows them.
ADD = "INSERT INTO search_words (rowid, grams) VALUES (new.entry_id, new.grams);"
TAKE = (
    "INSERT INTO search_words (search_words, rowid, grams)"
    " VALUES ('delete', old.entry_id, old.grams);"
)
FOLLOWS = {"insert": ADD, "delete": TAKE, "update": TAKE + ADD}


def upgrade():
    op.create_table(
        "search_text",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["search_entry.id"], name=op.f("fk_search_text_entry_id_search_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_text")),
    )
    sqlite = op.get_context().dialect.name == "sqlite"
    if sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5 (grams, content='search_text',"
            " content_rowid='entry_id', columnsize=0, detail=none, tokenize='ascii')"
        )
        for verb, does in FOLLOWS.items():
            op.execute(
                f"CREATE TRIGGER search_text_follows_{verb} AFTER {verb.upper()} ON search_text"
                f" BEGIN {does} END"
            )
    read_words()
    if not sqlite:
        op.execute(
            "CREATE INDEX ix_search_text_grams ON search_text USING gin"
            " (string_to_array(grams, ' ')) WITH (fastupdate = off)"
        )
    op.execute("DELETE FROM search_gram" if sqlite else "TRUNCATE search_gram")


def read_words():
    """Read the words of each entry, a thousand at a time."""
    asked = sa.text("SELECT id, words FROM search_entry WHERE id > :last ORDER BY id LIMIT :rows")
    add = sa.text("INSERT INTO search_text (entry_id, grams) VALUES (:id, :grams)")
    last = 0
    while rows := op.get_bind().execute(asked, {"last": last, "rows": ROWS}).all():
        told = [{"id": key, "grams": " ".join(grams_of(words))} for key, words in rows]
        op.get_bind().execute(add, told)
        last = rows[-1].id


def grams_of(words):
    """Each character and each pair of neighbours, once."""
    found = {}
    for run in RUN.findall(words):
        for place, one in enumerate(run):
            found[one] = found[run[place : place + 2]] = None
    return list(found)[:MOST]


def downgrade():
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_text")
