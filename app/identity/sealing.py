"""Secrets of second factors at rest: sealed for their owner with a key that the database lacks."""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12


def _key(purpose: bytes) -> bytes:
    told = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(SHA256(), 32, salt=None, info=b"xingping " + purpose).derive(told)


def seal(secret: str, user_id: int) -> str:
    """AES-256-GCM, bound to the person: a row copied to another person opens nothing."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(_key(b"second factor")).encrypt(nonce, secret.encode(), str(user_id).encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, user_id: int) -> str:
    """The secret; InvalidTag where the key or the person is another one."""
    raw = base64.b64decode(sealed)
    aead = AESGCM(_key(b"second factor"))
    return aead.decrypt(raw[:NONCE], raw[NONCE:], str(user_id).encode()).decode()


def hash_of(code: str) -> str:
    """The keyed hash of a recovery code, however it was typed."""
    plain = "".join(one for one in code.upper() if one.isascii() and one.isalnum())
    return hmac.new(_key(b"recovery"), plain.encode(), hashlib.sha256).hexdigest()
