"""A new key for the log's seals: the old key vouches for it in a statement that both sign."""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.audit.checkpoint import BadNote, Signer, Verifier, opened
from app.audit.keys import load_signer, write_whole

TITLE = "change of the key that seals this log"


@dataclass(frozen=True)
class Change:
    """The keys before and after, by the ids under which signatures name them."""

    old: str
    new: str


def change_key(path: Path, origin: str, at: str) -> Change:
    """Put a fresh key in the place of the one in this file; the old private half is gone then.

    Both public halves and the statement are written before the key takes its place: a crash in
    between leaves a log that still verifies, sealed by the old key.
    """
    old, new = load_signer(path, origin), Signer(origin, Ed25519PrivateKey.generate())
    change = Change(old.verifier.key_id.hex(), new.verifier.key_id.hex())
    for signer in (old, new):
        _write_public(path.with_name(f"{path.stem}.{signer.verifier.key_id.hex()}.pub"), signer)
    told = path.with_name(f"{path.stem}.{change.old}-{change.new}.statement")
    write_whole(told, _statement(old, new, at).encode())
    told.chmod(0o644)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    write_whole(fresh, new.private.private_bytes(*form))
    os.replace(fresh, path)
    public = path.with_suffix(".pub")
    beside = public.with_name(f".{public.name}.{secrets.token_hex(4)}")
    _write_public(beside, new)
    os.replace(beside, public)
    return change


def _write_public(path: Path, signer: Signer) -> None:
    form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    write_whole(path, signer.private.public_key().public_bytes(*form))
    path.chmod(0o644)


def _statement(old: Signer, new: Signer, at: str) -> str:
    """A signed note (C2SP) with two signatures: who hands over, and who holds the new key."""
    lines = (old.name, TITLE, old.verifier.words(), new.verifier.words(), at)
    text = "".join(f"{line}\n" for line in lines)
    return old.sign(text) + new.sign(text)[len(text) + 1 :]


def followed(known: Sequence[Verifier], notes: Iterable[str]) -> list[Verifier]:
    """The keys that are known, and those that they vouch for, one change after the other.

    What is not signed by both the old and the new key, or hands over from a key that is not
    known, is passed over: it proves nothing.
    """
    found, waiting = list(known), list(notes)
    while True:
        new = [key for note in waiting for key in _vouched(found, note)]
        fresh = {key.key_id: key for key in new if key.key_id not in {k.key_id for k in found}}
        if not fresh:
            return found
        found += fresh.values()


def _vouched(known: Sequence[Verifier], note: str) -> list[Verifier]:
    try:
        _origin, title, before, after, _at = opened(note, known).splitlines()
        old, new = Verifier.from_words(before), Verifier.from_words(after)
        opened(note, [old])
        opened(note, [new])
    except (BadNote, ValueError):
        return []
    is_known = old.key_id in {key.key_id for key in known}
    return [new] if title == TITLE and is_known else []


def statements(folder: Path) -> list[str]:
    """The changes that are kept beside the key."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.statement"))]
