"""Text that the database holds only encrypted (AES-256-GCM), and the keys beside it.

The keys stand in one file outside the database, a line each, the newest last: what is written is
sealed with the newest, and each value names its own. A dump of the database alone tells nothing.
"""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import Dialect, Text, TypeDecorator

from storage.folders import flush_folder

FORM = "v1"
NONCE = 12
KEY = 32


class BadRing(ValueError):
    """A file of keys that can't be read, or lacks the key that a value names."""


@dataclass(frozen=True)
class Ring:
    """The keys by their names; the last one seals what is new."""

    keys: dict[str, bytes]

    @property
    def newest(self) -> str:
        """The name of the key in use."""
        return list(self.keys)[-1]

    def seal(self, plain: str, purpose: str) -> str:
        """Encrypt a text for one purpose; a value copied to another column opens nothing."""
        nonce = secrets.token_bytes(NONCE)
        aead = AESGCM(self.keys[self.newest])
        sealed = aead.encrypt(nonce, plain.encode(), purpose.encode())
        return f"{FORM}.{self.newest}.{base64.b64encode(nonce + sealed).decode()}"

    def unseal(self, sealed: str, purpose: str) -> str:
        """The text again; InvalidTag where anything was changed."""
        form, name, told = sealed.split(".", 2)
        if form != FORM or name not in self.keys:
            raise BadRing(f"the key {name} is not in the file of keys")
        raw = base64.b64decode(told)
        aead = AESGCM(self.keys[name])
        return aead.decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()


_read: dict[Path, tuple[int, Ring]] = {}


def ring() -> Ring:
    """The running portal's keys; the file is made at first use, and read anew when it changes."""
    path = Path(str(current_app.config["PERSONAL_KEY_FILE"]))
    if not path.exists():
        _add(path, exclusive=os.O_EXCL)
    changed = path.stat().st_mtime_ns
    known = _read.get(path)
    if known is None or known[0] != changed:
        _read[path] = known = (changed, read_ring(path))
    return known[1]


def add_key() -> str:
    """Put a new key at the end of the file; from now on it seals what is written."""
    ring()
    path = Path(str(current_app.config["PERSONAL_KEY_FILE"]))
    _add(path)
    _read.pop(path, None)
    return ring().newest


def read_ring(path: Path) -> Ring:
    """The keys in this file; BadRing where it is none."""
    try:
        pairs = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
        keys = {name: base64.b64decode(told) for name, told in pairs}
    except ValueError as error:
        raise BadRing(f"{path} is no file of keys") from error
    if not keys or any(len(key) != KEY for key in keys.values()):
        raise BadRing(f"{path} is no file of keys")
    return Ring(keys)


def _add(path: Path, exclusive: int = 0) -> None:
    """Append a key in one write; two processes that start at once make one file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = f"{secrets.token_hex(4)} {base64.b64encode(secrets.token_bytes(KEY)).decode()}\n"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | exclusive, 0o600)
    except FileExistsError:
        return
    try:
        os.write(file, line.encode("ascii"))
        os.fsync(file)
        flush_folder(path.parent)
    finally:
        os.close(file)


class EncryptedText(TypeDecorator[str]):
    """A text that is sealed on its way into the database, for a named purpose."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else ring().seal(value, self.purpose)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else ring().unseal(value, self.purpose)
