"""The master key: a file outside the database, under which every file's own key is wrapped."""

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

BYTES, NONCE = 32, 12


class NoMasterKey(StoreError):
    """The master key is missing, or is another one than that which wrapped the files' keys."""


@dataclass(frozen=True)
class MasterKey:
    """Wraps and unwraps; `name` tells two apart and reveals nothing."""

    name: str
    _key: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in this file: 32 bytes as hex."""
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise NoMasterKey(f"the master key can't be read: {path}") from error
        if len(key) != BYTES:
            raise NoMasterKey(f"the master key must have {BYTES} bytes: {path}")
        return cls(hashlib.sha256(b"xingping master key" + key).hexdigest()[:16], key)

    @classmethod
    def read_or_make(cls, path: Path) -> Self:
        """The same; made at its first use, and of several processes one wins."""
        if not path.exists():
            _make(path)
        return cls.read(path)

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


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was faster, and its key counts
    finally:
        fresh.unlink()
