"""Signed statements about the log: C2SP signed notes, and the checkpoint that is one of them."""

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
MOST_BYTES = 200_000  # a note is a few hundred bytes; witnesses may add signatures of 5 kB
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(ValueError):
    """A note that is not well formed, or that no known key has signed; the message says why."""


class UnknownKey(BadNote):
    """A note that nobody known has signed: another log's, or signed with another key."""


@dataclass(frozen=True)
class Verifier:
    """A public key under the name that it signs with."""

    name: str
    public: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key (C2SP signed-note)."""
        key = ED25519 + self.public.public_bytes_raw()
        return sha256(self.name.encode() + b"\n" + key).digest()[:4]

    def words(self) -> str:
        """Return the key on one line, `name+id+base64`, as tools for such logs take it."""
        key = base64.b64encode(ED25519 + self.public.public_bytes_raw()).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def from_words(cls, line: str) -> Self:
        """Read `name+id+base64`; BadNote where it is no Ed25519 key or the id does not fit."""
        try:
            name, key_id, key = line.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
            if raw[:1] != ED25519:
                raise BadNote("the key is not an Ed25519 key")
            found = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
        except ValueError as error:
            raise BadNote("not a key of the form name+id+base64") from error
        if not name or found.key_id.hex() != key_id:
            raise BadNote("the id of the key does not fit its name and bytes")
        return found


@dataclass(frozen=True)
class Signer:
    """A private key under the name that it signs with."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.private.public_key())

    def sign(self, text: str) -> str:
        """Return the text as a signed note; it ends in a newline and holds no control character."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise ValueError("a note's text ends in a newline and has no control characters")
        mark = self.verifier.key_id + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(mark).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: the log `origin` had `size` entries and this root; more lines are optional."""

    origin: str
    size: int
    root: bytes
    extra: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the lines that are signed (C2SP tlog-checkpoint)."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extra))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the signed lines; BadNote where they are not exactly of the form."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise BadNote("a checkpoint has three lines or more, none of them empty")
        origin, size, root, *extra = lines
        if not _SIZE.fullmatch(size):
            raise BadNote("the size of a checkpoint is a whole number")
        try:
            found = cls(origin, int(size), base64.b64decode(root, validate=True), tuple(extra))
        except ValueError as error:
            raise BadNote("the root of a checkpoint is base64") from error
        if len(found.root) != 32 or found.text() != text:
            raise BadNote("the root of a checkpoint is 32 bytes in plain base64")
        return found


def split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Take a note apart into its text and its signatures (name, key id, signature)."""
    if len(note) > MOST_BYTES or _CONTROL.search(note):
        raise BadNote("a note has no control characters and is short")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadNote("a note is text, an empty line and signatures")
    signatures = []
    for line in tail[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, mark = rest.partition(" ")
        try:
            raw = base64.b64decode(mark, validate=True)
        except ValueError as error:
            raise BadNote("a signature is base64") from error
        plain = base64.b64encode(raw).decode() == mark
        if dash != "—" or not name or "+" in name or len(raw) < 5 or not plain:
            raise BadNote("a signature line is a dash, a name and base64")
        signatures.append((name, raw[:4], raw[4:]))
    return text + "\n", signatures


def opened(note: str, known: Collection[Verifier]) -> str:
    """Return the text of a note that a known key has signed; otherwise BadNote.

    Signatures of unknown keys (witnesses, older or newer keys) are passed over; one of a known
    key that does not fit spoils the note.
    """
    text, signatures = split(note)
    keys = {(key.name, key.key_id): key for key in known}
    ours = [(keys[who, key_id], mark) for who, key_id, mark in signatures if (who, key_id) in keys]
    if not ours:
        raise UnknownKey("no known key has signed it")
    for key, mark in ours:
        try:
            key.public.verify(mark, text.encode())
        except InvalidSignature as error:
            raise BadNote("the signature does not fit the text") from error
    return text
