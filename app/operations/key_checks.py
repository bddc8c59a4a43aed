"""The keys: there, whole, readable by the portal alone, and those that sealed what is kept."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import current_app
from sqlalchemy import Text, select, type_coerce

from app import encrypted
from app.audit import keys as seals
from app.audit.checkpoint import BadNote, opened
from app.audit.nodes import latest_checkpoint
from app.blobs.master import MasterKeys
from app.blobs.models import FileKey
from app.db import db
from app.identity import sealing
from app.identity.models import SecondFactor
from app.operations.findings import Finding, bad, good, watch
from app.personal.rotating import encrypted_columns
from storage import StoreError

PART, USE = "keys", "sealed"
BACK = "stop the portal; lay the file back from your copy, or from a backup made with --key-file"


def _read_seal(path: Path) -> object:
    return seals.load_signer(path, str(current_app.config["AUDIT_ORIGIN"]))


FILES: dict[str, Callable[[Path], object]] = {
    "AUDIT_KEY_FILE": _read_seal,
    "STORAGE_KEY_FILE": MasterKeys.read,
    "PERSONAL_KEY_FILE": encrypted.read_ring,
}


def _path(setting: str) -> Path:
    return Path(str(current_app.config[setting]))


def keys() -> Iterator[Finding]:
    """Ask whether the secrets are readable by nobody else, and are what they should be."""
    for setting, read in FILES.items():
        yield from _file(_path(setting), read)
    yield from _file(Path(str(current_app.config["XINGPING_VAR"])) / "keys" / "secret_key", None)
    if "demo" in str(current_app.config["AUDIT_ORIGIN"]):
        mend = "AUDIT_ORIGIN=<the bureau's own name>/xingping, before the first entry"
        yield watch(PART, "the log still goes by the demonstration's name", mend)


def _file(path: Path, read: Callable[[Path], object] | None) -> Iterator[Finding]:
    """One file, where it is there: it is made at its first use, or given by the environment."""
    if not path.exists():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield bad(PART, f"{path} is open to others ({mode:o})", f"chmod 600 {path}")
    elif not os.access(path, os.R_OK):
        yield bad(PART, f"{path} can't be read", f"chown it to uid {os.getuid()}")
    elif read is not None and not _reads(read, path):
        yield bad(PART, f"{path} holds no such key", BACK)
    else:
        yield good(PART, f"{path.name} is ours alone")


def _reads(read: Callable[[Path], object], path: Path) -> bool:
    try:
        read(path)
    except (ValueError, TypeError, OSError, StoreError):
        return False
    return True


def use() -> Iterator[Finding]:
    """Ask whether the keys at hand are those that sealed what the database holds."""
    lost = [told for ask in (_log, _files, _personal, _factors) for told in ask()]
    yield from lost
    if not lost:
        yield good(USE, "the keys at hand open what is sealed")


def _log() -> Iterator[Finding]:
    path = _path("AUDIT_KEY_FILE")
    head = latest_checkpoint(db.session.connection())
    if head is None:
        return
    if not path.exists():
        yield bad(USE, f"{path}, which signs the log, is gone: the next seal makes another", BACK)
        return
    try:
        opened(head[2], seals.known_keys())
        ours = seals.load_signer(path, str(current_app.config["AUDIT_ORIGIN"])).verifier
        is_known = ours.key_id in {key.key_id for key in seals.known_keys()}
    except (BadNote, ValueError, TypeError):
        is_known = False
    if not is_known:
        yield bad(USE, f"{path} isn't the key that signed the log's last checkpoint", BACK)


def _files() -> Iterator[Finding]:
    names, path = _names_in(_path("STORAGE_KEY_FILE"), MasterKeys.read), _path("STORAGE_KEY_FILE")
    asked = select(FileKey.sha256).where(FileKey.wrapped != "", FileKey.master.not_in(names))
    if db.session.scalar(asked.limit(1)):
        yield bad(USE, f"{path} lacks a key under which files are sealed: they don't open", BACK)


def _personal() -> Iterator[Finding]:
    path = _path("PERSONAL_KEY_FILE")
    names = _names_in(path, encrypted.read_ring)
    for table, column in encrypted_columns():
        raw = type_coerce(column, Text)
        foreign = [raw.not_like(f"{encrypted.FORM}.{name}.%") for name in names]
        asked = select(*table.primary_key.columns).where(raw.is_not(None), *foreign)
        if db.session.execute(asked.limit(1)).first():
            told = f"{path} lacks a key that seals values of {table.name}: they can't be read"
            yield bad(USE, told, BACK)
            return


def _names_in(path: Path, read: Callable[[Path], Any]) -> list[str]:
    """The names of a file's keys; none where it isn't there or holds none."""
    try:
        return list(read(path).keys)
    except (ValueError, OSError, StoreError):
        return []


def _factors() -> Iterator[Finding]:
    """The newest second factor stands for all: each is sealed with a key made from SECRET_KEY."""
    asked = select(SecondFactor).where(SecondFactor.ended_at.is_(None))
    factor = db.session.scalar(asked.order_by(SecondFactor.id.desc()).limit(1))
    if factor is None:
        return
    try:
        sealing.unseal(factor.sealed_secret, factor.user_id)
    except (InvalidTag, ValueError):
        mend = "set the SECRET_KEY that it was; a changed one needs SECRET_KEY_OLD beside it"
        yield bad(USE, "SECRET_KEY opens no second factor: nobody with one can sign in", mend)


def lost() -> list[Finding]:
    """What can't be read without a key that is missing; a portal that starts makes it worse."""
    return [told for ask in (_files, _personal) for told in ask()]
