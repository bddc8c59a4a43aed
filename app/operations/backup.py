"""A backup: database and store to one point while the portal runs; only what is new is copied.

The database is read in one snapshot, and then every file that its rows name is copied: the store
never replaces a file, and gives up none that a row names, so both are of the same moment.
"""

import gzip
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, Table, select

from app import clock
from app.audit import sealing
from app.audit.keys import known_keys
from app.audit.nodes import latest_checkpoint
from app.audit.reading import snapshot
from app.blobs import destroying
from app.db import db, transaction
from app.operations import dumping
from app.operations.repository import Kept, Repository
from app.papers.sweeping import NAMED_IN
from app.store import object_store
from storage import NotStored, sha256_of
from storage.cipher import HEAD, exactly, is_sealed

FORM = "xingping-backup/1"


@dataclass(frozen=True)
class Made:
    """What a backup holds and what it had to copy."""

    stamp: str
    rows: int
    files: int
    copied: int
    gone: int  # withheld since, and no longer in the store


class Index:
    """Which file of the repository holds which file of the store; on disk, not in memory."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.NamedTemporaryFile(dir=folder, suffix=".index")  # noqa: SIM115 - closed in close()
        self._rows = sqlite3.connect(self._file.name)
        self._rows.execute(
            "CREATE TABLE f (key TEXT PRIMARY KEY, head TEXT, sha256 TEXT, size INTEGER)"
        )

    def learn(self, lines: Iterator[list[Any]]) -> None:
        """Take in what an earlier backup knew."""
        self._rows.executemany("INSERT OR REPLACE INTO f VALUES (?, ?, ?, ?)", lines)

    def find(self, key: str, head: str) -> Kept | None:
        """The file that was kept for these very bytes."""
        asked = "SELECT sha256, size FROM f WHERE key = ? AND head = ?"
        found = self._rows.execute(asked, (key, head)).fetchone()
        return Kept(*found) if found else None

    def close(self) -> None:
        """Forget everything."""
        self._rows.close()
        self._file.close()


def back_up(repository: Repository) -> Made:
    """Make a backup of the running portal. Killed half-way it leaves no backup, only files."""
    with transaction():
        sealing.seal(thorough=True)
    stamp = clock.now().strftime("%Y%m%dT%H%M%S%fZ")
    with _spooled() as database, _spooled() as names, _spooled() as files:
        with snapshot(db.engine) as connection:
            told = _database(connection, database, names)
        told["dump"] = _kept(repository, database)
        counts = _files(repository, names, files)
        told["file_list"] = _kept(repository, files)
    told |= {"form": FORM, "made_at": clock.now().isoformat(), **counts}
    told["beside"] = {name: _as_told(repository, data) for name, data in _beside(repository)}
    repository.finish(stamp, told)
    return Made(stamp, sum(told["tables"].values()), **counts)


@contextmanager
def _spooled() -> Iterator[BinaryIO]:
    folder = Path(str(current_app.config["XINGPING_VAR"])) / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield file


def _kept(repository: Repository, file: BinaryIO) -> dict[str, Any]:
    file.seek(0)
    return vars(repository.keep(file))


def _database(connection: Connection, file: BinaryIO, names: BinaryIO) -> dict[str, Any]:
    """Write every row, and the names of the files that rows speak of."""
    tables, counts = dumping.tables_of(connection), {}
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3, mtime=0) as packed:
        name = ""
        for line in dumping.dump(connection, tables):
            if isinstance(line, dict):
                name = line["table"]
                counts[name] = -1
            counts[name] += 1
            packed.write(dumping.written(line))
    for key in _named(connection, tables):
        names.write(key.encode() + b"\n")
    head = latest_checkpoint(connection)
    return {
        "kind": connection.dialect.name,
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "tables": counts,
        "checkpoint": head[2] if head else "",
    }


def _named(connection: Connection, tables: list[Table]) -> Iterator[str]:
    for table in tables:
        if NAMED_IN in table.c:
            column = table.c[NAMED_IN]
            query = select(column).distinct().where(column.is_not(None), column != "")
            yield from connection.execution_options(yield_per=1000).scalars(query)


def _files(repository: Repository, names: BinaryIO, lines: BinaryIO) -> dict[str, int]:
    """Copy what the repository doesn't hold yet, as the store holds it: sealed stays sealed."""
    names.seek(0)
    index = Index(Path(str(current_app.config["XINGPING_VAR"])))
    seen, counts = set[str](), {"files": 0, "copied": 0, "gone": 0}
    try:
        index.learn(known_files(repository))
        for key in (line.decode().strip() for line in names):
            if key in seen:
                continue  # two tables may name one file
            seen.add(key)
            if (line := _file(repository, index, key, counts)) is not None:
                lines.write(dumping.written(line))
    finally:
        index.close()
    return counts


def _file(
    repository: Repository, index: Index, key: str, counts: dict[str, int]
) -> list[Any] | None:
    inner = object_store().inner
    try:
        with inner.open(key, length=None) as reader:
            head = exactly(reader, HEAD)
        mark = head.hex() if is_sealed(head) else ""
        kept = index.find(key, mark)
        if kept is None or not repository.has(kept.sha256):
            with inner.open(key) as reader:
                kept = repository.keep(reader)
            counts["copied"] += 1
    except NotStored:
        if not destroying.withheld_among({sha256_of(key)}):
            raise
        counts["gone"] += 1
        return None
    counts["files"] += 1
    return [key, mark, kept.sha256, kept.size]


def known_files(repository: Repository) -> Iterator[list[Any]]:
    """What the newest whole backup knows of its files: key, head, digest, size."""
    for stamp in repository.stamps()[-1:]:
        yield from files_of(repository, repository.manifest(stamp))


def files_of(repository: Repository, told: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The files of one backup."""
    with repository.open(Kept(**told["file_list"])) as reader:
        for line in lines_in(reader):
            yield json.loads(line)


def lines_in(reader: Any) -> Iterator[bytes]:
    """Cut bytes into lines."""
    rest = b""
    while block := reader.read(1 << 16):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _beside(repository: Repository) -> Iterator[tuple[str, bytes]]:
    """Small files that no row holds: public keys, what was destroyed; the secrets if sealed."""
    lines = "".join(key.words() + "\n" for key in known_keys())
    yield "log-keys.txt", lines.encode()
    if (listed := destroying.destroyed_list()).exists():
        yield "destroyed.jsonl", listed.read_bytes()
    if repository.key is None:
        return
    for setting in ("AUDIT_KEY_FILE", "STORAGE_KEY_FILE", "PERSONAL_KEY_FILE"):
        path = Path(str(current_app.config[setting]))
        if path.exists():
            yield setting, path.read_bytes()


def _as_told(repository: Repository, data: bytes) -> dict[str, Any]:
    with _spooled() as file:
        file.write(data)
        return _kept(repository, file)


def forget_old(repository: Repository, keep: int) -> tuple[int, int]:
    """Keep the newest backups only; how many backups and how many files went."""
    stamps = repository.stamps()
    old = stamps[:-keep]
    for stamp in old:
        repository.drop(stamp)
    wanted = {one for stamp in stamps[-keep:] for one in _digests(repository, stamp)}
    return len(old), repository.sweep(wanted.__contains__)


def _digests(repository: Repository, stamp: str) -> Iterator[str]:
    told = repository.manifest(stamp)
    yield told["dump"]["sha256"]
    yield told["file_list"]["sha256"]
    yield from (one["sha256"] for one in told["beside"].values())
    yield from (line[2] for line in files_of(repository, told))
