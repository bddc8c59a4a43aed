"""Sealed bytes: a file under a key of its own, in pieces read alone (STREAM, AES-256-GCM).

The construction is that of Hoang, Reyhanitabar, Rogaway and Vizár (CRYPTO 2015): each piece has
the nonce `prefix (7) | number (4) | last (1)`, so that pieces can be neither swapped nor left out,
and a file can't end early. The name of the content stands in the authenticated data: sealed bytes
that are put under another name don't open.
"""

import os
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import Damaged

MAGIC = b"\x00XPSEAL1"  # no type that the portal takes begins with a zero byte
PREFIX = 7
HEAD = len(MAGIC) + PREFIX
PIECE = 1 << 18
TAG = 16
KEY_BYTES = 32


class Readable(Protocol):
    """Where bytes come from, a few at a time."""

    def read(self, size: int, /) -> bytes: ...


class Closable(Readable, Protocol):
    """The same, given back when done."""

    def close(self) -> None: ...


class Cipher:
    """Seals and opens the content with this SHA-256 under this key."""

    def __init__(self, key: bytes, sha256: str, head: bytes = b"") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a file's key has 32 bytes")
        self.head = head or MAGIC + os.urandom(PREFIX)
        if not is_sealed(self.head) or len(self.head) != HEAD:
            raise Damaged(f"not sealed: {sha256}")
        self._aead = AESGCM(key)
        self._bound = self.head + bytes.fromhex(sha256)
        self.sha256 = sha256

    def seal(self, source: Readable) -> Iterator[bytes]:
        """Yield the sealed bytes of a source, holding two pieces at a time."""
        yield self.head
        number, piece = 0, exactly(source, PIECE)
        while piece:
            after = exactly(source, PIECE)
            yield self._aead.encrypt(self._nonce(number, last=not after), piece, self._bound)
            number, piece = number + 1, after

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """The bytes of one piece; Damaged unless it is exactly this one."""
        try:
            return self._aead.decrypt(self._nonce(number, last=last), sealed, self._bound)
        except InvalidTag as error:
            raise Damaged(f"piece {number} of {self.sha256}") from error

    def _nonce(self, number: int, *, last: bool) -> bytes:
        return self.head[-PREFIX:] + number.to_bytes(4, "big") + bytes([last])


class Opened:
    """The plain bytes of a sealed source from a place on, one piece in memory."""

    def __init__(self, source: Closable, cipher: Cipher, *, first: int, total: int) -> None:
        """`source` stands at piece `first` of a content of `total` bytes."""
        self._source = source
        self._cipher = cipher
        self._number = first
        self._last = pieces(total) - 1
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; b"" at the end."""
        if not self._rest and self._number <= self._last:
            self._rest = memoryview(self._next())
        data = self._rest[:size].tobytes()
        self._rest = self._rest[size:]
        return data

    def skip(self, size: int) -> None:
        """Pass over the first bytes of the first piece."""
        self.read(size)

    def close(self) -> None:
        """Give the source back."""
        self._source.close()

    def _next(self) -> bytes:
        sealed = exactly(self._source, PIECE + TAG)
        plain = self._cipher.open(self._number, sealed, last=self._number == self._last)
        self._number += 1
        return plain


def is_sealed(head: bytes) -> bool:
    """Whether bytes that begin so were sealed here."""
    return head.startswith(MAGIC)


def pieces(size: int) -> int:
    """How many pieces a content of this size has."""
    return -(-size // PIECE)


def sealed_size(size: int) -> int:
    """How many bytes a content of this size has when sealed."""
    return HEAD + size + TAG * pieces(size)


def plain_size(size: int) -> int:
    """The opposite of sealed_size; Damaged where no content has it."""
    body = size - HEAD
    found = body - TAG * -(-body // (PIECE + TAG))
    if found < 1 or sealed_size(found) != size:
        raise Damaged(f"no sealed content has {size} bytes")
    return found


def place_of(start: int) -> tuple[int, int, int]:
    """For a byte of the content: its piece, where that begins when sealed, and how far into it."""
    number, into = divmod(start, PIECE)
    return number, HEAD + number * (PIECE + TAG), into


def exactly(source: Readable, size: int) -> bytes:
    """So many bytes, or fewer at the end: a connection gives a little at a time."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
