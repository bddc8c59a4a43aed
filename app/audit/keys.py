"""The key that seals the log: made at first start, mode 0600, its public half beside it."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from flask import current_app

from app.audit.checkpoint import BadNote, Signer, Verifier
from storage.folders import flush_folder

ORIGIN = "xingping"


def seal_signer() -> Signer:
    """Return the signer of the running portal, by AUDIT_KEY_FILE and AUDIT_ORIGIN."""
    config = current_app.config
    return load_signer(Path(config["AUDIT_KEY_FILE"]), config.get("AUDIT_ORIGIN", ORIGIN))


def known_keys() -> list[Verifier]:
    """Return the public keys of the running portal: today's and, `*.pub` beside it, older ones."""
    config = current_app.config
    origin = config.get("AUDIT_ORIGIN", ORIGIN)
    folder = Path(config["AUDIT_KEY_FILE"]).parent
    found = [load_verifier(path, origin) for path in sorted(folder.glob("*.pub"))]
    return list({key.key_id: key for key in found}.values())


def key_folder() -> Path:
    """Where the running portal keeps its key, the older public ones and the statements."""
    return Path(current_app.config["AUDIT_KEY_FILE"]).parent


def load_signer(path: Path, origin: str) -> Signer:
    """Return the signer whose key is in this PEM file; the file is made if there is none."""
    public = path.with_suffix(".pub")
    if not path.exists():
        _set_aside(public, origin)
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} is not an Ed25519 key")
    if not public.exists():
        form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        write_whole(public, key.public_key().public_bytes(*form))
        public.chmod(0o644)
    return Signer(origin, key)


def load_verifier(path: Path, origin: str) -> Verifier:
    """Return the key in a file: PEM, signing under `origin`, or one line name+id+base64."""
    text = path.read_bytes()
    if b"-----BEGIN" not in text:
        return Verifier.from_words(text.decode("utf-8", "replace"))
    key = load_pem_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise BadNote(f"{path.name} is not an Ed25519 key")
    return Verifier(origin, key)


def _set_aside(public: Path, origin: str) -> None:
    """The public half of a key that was lost stays known: earlier seals are verified with it."""
    if public.exists():
        mark = load_verifier(public, origin).key_id.hex()
        os.replace(public, public.with_name(f"{public.stem}.{mark}.pub"))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    write_whole(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def write_whole(path: Path, content: bytes) -> None:
    """Write a whole file or nothing; where two processes start at once, the first one's stays."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
        flush_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
