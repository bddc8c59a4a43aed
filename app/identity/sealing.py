"""Secrets of second factors at rest: sealed for their owner with a key that the database lacks.

The key comes from SECRET_KEY. While that is changed, what SECRET_KEY_OLD sealed opens as well, and
a job seals it again. Recovery codes are kept as hashes alone and stay with the former key.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12


def _key(purpose: bytes, setting: str = "SECRET_KEY") -> bytes:
    told = str(current_app.config[setting]).encode()
    return HKDF(SHA256(), 32, salt=None, info=b"xingping " + purpose).derive(told)


def seal(secret: str, user_id: int) -> str:
    """AES-256-GCM, bound to the person: a row copied to another person opens nothing."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(_key(b"second factor")).encrypt(nonce, secret.encode(), str(user_id).encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, user_id: int) -> str:
    """The secret; InvalidTag where the key or the person is another one."""
    try:
        return _opened(sealed, user_id, "SECRET_KEY")
    except InvalidTag:
        if not current_app.config["SECRET_KEY_OLD"]:
            raise
        return _opened(sealed, user_id, "SECRET_KEY_OLD")


def is_of_now(sealed: str, user_id: int) -> bool:
    """Whether today's key sealed it, and not the former one."""
    try:
        _opened(sealed, user_id, "SECRET_KEY")
    except InvalidTag:
        return False
    return True


def _opened(sealed: str, user_id: int, setting: str) -> str:
    raw = base64.b64decode(sealed)
    aead = AESGCM(_key(b"second factor", setting))
    return aead.decrypt(raw[:NONCE], raw[NONCE:], str(user_id).encode()).decode()


def hashes_of(code: str) -> list[str]:
    """The keyed hashes of a recovery code, however it was typed: today's, and the former key's."""
    plain = "".join(one for one in code.upper() if one.isascii() and one.isalnum())
    settings = ["SECRET_KEY"] + ["SECRET_KEY_OLD"] * bool(current_app.config["SECRET_KEY_OLD"])
    keys = [_key(b"recovery", setting) for setting in settings]
    return [hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() for key in keys]


def hash_of(code: str) -> str:
    """The hash under which a recovery code is kept."""
    return hashes_of(code)[0]
