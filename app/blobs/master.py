"""The master keys: a file outside the database, under which every file's own key is wrapped.

A line each, the newest last: it wraps what is new; which one wraps a file's key, its row says.
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import StoreError
from storage.folders import flush_folder

BYTES, NONCE = 32, 12


class NoMasterKey(StoreError):
    """The master key is missing, or is another one than that which wrapped the files' keys."""


@dataclass(frozen=True)
class MasterKey:
    """Wraps and unwraps; `name` tells two apart and reveals nothing."""

    name: str
    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, line: str) -> Self:
        """The key of one line: 32 bytes as hex."""
        key = bytes.fromhex(line.strip())
        if len(key) != BYTES:
            raise ValueError("a master key has 64 hexadecimal digits")
        return cls(hashlib.sha256(b"xingping master key" + key).hexdigest()[:16], key)

    def wrap(self, key: bytes, sha256: str) -> str:
        """A file's key as the database keeps it, bound to its content's name."""
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self._key).encrypt(nonce, key, sha256.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unwrap(self, wrapped: str, sha256: str) -> bytes:
        """The file's key again; NoMasterKey where another one wrapped it or it was changed."""
        raw = base64.b64decode(wrapped)
        try:
            return AESGCM(self._key).decrypt(raw[:NONCE], raw[NONCE:], sha256.encode())
        except InvalidTag as error:
            raise NoMasterKey(f"the key of {sha256} does not open under {self.name}") from error


@dataclass(frozen=True)
class MasterKeys:
    """All the keys of one file, by their names; the last one wraps what is new."""

    keys: dict[str, MasterKey]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The keys in this file."""
        try:
            lines = path.read_text(encoding="ascii").split()
            keys = {key.name: key for key in map(MasterKey.of, lines)}
        except (OSError, ValueError) as error:
            raise NoMasterKey(f"the master key can't be read: {path}") from error
        if not keys:
            raise NoMasterKey(f"the file of the master key is empty: {path}")
        return cls(keys)

    @classmethod
    def read_or_make(cls, path: Path) -> Self:
        """The same; made at its first use, and of several processes one wins."""
        if not path.exists():
            _make(path)
        return cls.read(path)

    @property
    def newest(self) -> MasterKey:
        """The key that wraps what is new."""
        return list(self.keys.values())[-1]

    def unwrap(self, master: str, wrapped: str, sha256: str) -> bytes:
        """A file's key again, by the name of the key that wrapped it."""
        if master not in self.keys:
            raise NoMasterKey(f"the key of {sha256} was wrapped by {master}, which isn't at hand")
        return self.keys[master].unwrap(wrapped, sha256)


def add_key(path: Path) -> str:
    """Put a new key at the end of the file, which is replaced as a whole; its name."""
    lines = [*path.read_text(encoding="ascii").split(), secrets.token_hex(BYTES)]
    MasterKeys.read(path)
    fresh = _fresh(path, "\n".join(lines) + "\n")
    os.replace(fresh, path)
    flush_folder(path.parent)
    return MasterKeys.read(path).newest.name


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _fresh(path, secrets.token_hex(BYTES))
    try:
        os.link(fresh, path)
        flush_folder(path.parent)
    except FileExistsError:
        pass  # another process was faster, and its key counts
    finally:
        fresh.unlink()


def _fresh(path: Path, text: str) -> Path:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh
