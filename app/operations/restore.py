"""A backup brought back on an empty machine, and verified there before anybody relies on it."""

import gzip
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, func, select, text

from app import audit
from app.accounts.models import User
from app.audit.checking import Trust
from app.audit.checkpoint import Verifier
from app.audit.verifying import verify
from app.blobs import destroying
from app.db import db, end_read, transaction
from app.errors import Conflict, Invalid
from app.operations import dumping
from app.operations.backup import FORM, files_of
from app.operations.repository import Checked, Kept, Repository
from app.store import object_store
from storage import Damaged, NotStored, StoreError, Withheld, sha256_of
from storage.cipher import exactly

SECRETS = ("AUDIT_KEY_FILE", "STORAGE_KEY_FILE", "PERSONAL_KEY_FILE")
MOST_BESIDE = 1 << 28


@dataclass
class Restored:
    """What came back; `wrong` is empty where the log is whole and every file there and true."""

    rows: int = 0
    files: int = 0
    withheld: int = 0
    log_size: int = 0
    wrong: list[str] = field(default_factory=list)


def restore(repository: Repository, stamp: str) -> Restored:
    """Bring a backup back into an empty portal, then verify everything in it."""
    told = repository.manifest(stamp)
    if told.get("form") != FORM:
        raise Invalid(f"not a backup of this kind: {told.get('form')}")
    upgrade(revision=told["revision"])
    _refuse_unless_empty(told)
    _bring_beside(repository, told)
    found = Restored()
    counts = _load(repository, told)
    found.rows = sum(counts.values())
    _compare(counts, told["tables"], found)
    upgrade()  # to this release, where the backup is of an older one
    _bring_destroyed(repository)
    for line in files_of(repository, told):
        _bring_file(repository, line, found)
    _verify(told, found)
    with transaction():
        audit.record(
            audit.PORTAL, audit.Event.BACKUP_RESTORED, "portal",
            stamp=stamp, rows=found.rows, files=found.files, wrong=len(found.wrong),
        )  # fmt: skip
    return found


def _refuse_unless_empty(told: Mapping[str, Any]) -> None:
    if db.session.scalar(select(func.count(User.id))):
        raise Conflict("the database isn't empty: a backup is restored into an empty one")
    kind = db.engine.dialect.name
    end_read()
    if told["kind"] == "postgresql" and kind == "sqlite":
        raise Invalid("a backup of PostgreSQL is restored into PostgreSQL")


def _load(repository: Repository, told: Mapping[str, Any]) -> dict[str, int]:
    connection = db.engine.connect().execution_options(writes=True)
    with connection:
        is_sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if is_sqlite:  # tables refer to each other in circles while they fill; before BEGIN
            driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin(), repository.open(Kept(**told["dump"])) as packed:
            counts = _filled(connection, packed)
            if is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise Damaged("the rows of the backup don't fit together")
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")
    return counts


def _filled(connection: Connection, packed: Checked) -> dict[str, int]:
    """Load the rows; Damaged before any other word where the dump isn't the one that was kept."""
    try:
        return dumping.load(connection, dumping.read(_unpacked(packed)))
    except Exception:
        while packed.read():
            pass  # its end tells whether it is what was kept: a changed row can break anything
        raise


def _unpacked(packed: Checked) -> Iterator[bytes]:
    """The lines of a dump; Damaged where they don't unpack."""
    try:
        yield from gzip.GzipFile(fileobj=cast(Any, packed), mode="rb")
    except (zlib.error, EOFError, OSError) as error:
        raise Damaged(f"the dump doesn't unpack: {error}") from error


def _compare(counts: Mapping[str, int], told: Mapping[str, int], found: Restored) -> None:
    for name, number in told.items():
        if counts.get(name) != number:
            found.wrong.append(f"table {name}: {counts.get(name)} of {number} rows")


def _bring_beside(repository: Repository, told: Mapping[str, Any]) -> None:
    """Lay the keys where the settings look for them; others that lie there open nothing of it."""
    beside = _beside(repository, told)
    paths = {name: Path(str(current_app.config[name])) for name in SECRETS if name in beside}
    for name, path in paths.items():
        if path.exists() and path.read_bytes() != beside[name]:
            raise Conflict(f"{path} is another key than the backup's: move it aside first")
    for name, path in paths.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(beside[name])
    folder = Path(str(current_app.config["AUDIT_KEY_FILE"])).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number, line in enumerate(beside["log-keys.txt"].decode().splitlines()):
        (folder / f"restored-{number}.pub").write_text(line + "\n", encoding="ascii")


def _beside(repository: Repository, told: Mapping[str, Any]) -> dict[str, bytes]:
    found = {}
    for name, one in told["beside"].items():
        with repository.open(Kept(**one)) as reader:
            found[name] = b"".join(iter(lambda: reader.read(1 << 16), b""))
    return found


def _bring_destroyed(repository: Repository) -> None:
    """What was destroyed after this backup was made stays destroyed: every later list counts."""
    lines = set[bytes]()
    for stamp in repository.stamps():
        listed = _beside(repository, repository.manifest(stamp)).get("destroyed.jsonl", b"")
        lines |= set(listed.splitlines())
    path = destroying.destroyed_list()
    if path.exists():
        lines |= set(path.read_bytes().splitlines())
    if lines:
        path.write_bytes(b"\n".join(sorted(lines)) + b"\n")
        with transaction():
            destroying.destroy_again()


def _bring_file(repository: Repository, line: list[Any], found: Restored) -> None:
    key, mark, digest, size = line
    if destroying.withheld_among({sha256_of(key)}):
        found.withheld += 1
        return
    inner = object_store().inner
    try:
        with repository.open(Kept(digest, size)) as reader, inner.spool(limit=size) as spool:
            spool.receive(_Whole(reader), expected=size)
            inner.put(spool, key=key if mark else None)
        found.files += 1
    except StoreError as error:
        found.wrong.append(f"{key}: {error or type(error).__name__}")


class _Whole:
    """Bytes whose reader asks for so many at once; the last question finds a changed file."""

    def __init__(self, reader: Checked) -> None:
        self.reader = reader

    def read(self, size: int = 1 << 20, /) -> bytes:
        data = exactly(self.reader, size)
        if len(data) < size:
            self.reader.read(1)
        return data


def _verify(told: Mapping[str, Any], found: Restored) -> None:
    """Whether the log is whole and holds what the backup's checkpoint signed; then each file."""
    anchors = [told["checkpoint"]] if told["checkpoint"] else []
    folder = Path(str(current_app.config["AUDIT_KEY_FILE"])).parent
    keys = [
        Verifier.from_words(path.read_text(encoding="ascii"))
        for path in sorted(folder.glob("restored-*.pub"))
    ]
    result = verify(db.engine, Trust(keys, anchors))
    found.log_size = result.size
    if not result.ok:
        found.wrong.append(f"the log: {result.table} {result.first_bad}: {result.reason}")
    for key in _named():
        try:
            object_store().check(key)
        except Withheld:
            continue
        except (NotStored, Damaged) as error:
            found.wrong.append(f"{key}: {type(error).__name__}")


def _named() -> Iterator[str]:
    from app.papers.sweeping import named_keys

    names = sorted(named_keys())
    end_read()
    return iter(names)
