"""Sealed bids: only two officers together can open one, and nobody before they join their slips.

Pure. Each officer has a P-256 key of which the portal keeps the public half alone. A bidder makes
a key for this bid only and agrees with both; the bid is encrypted (AES-256-GCM) under a digest of
both agreements, so that one slip, the database and the server's own secrets open nothing. The
browser does the same (static/seal.js); the lot's code is bound into the seal.
"""

import json
import secrets
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
VERSION = "xingping-bid/1"
MOST_TEXT = 20_000
MOST_FEN = 10**13


class BadSeal(ValueError):
    """An envelope, a key or a bid that can't be read."""


@dataclass(frozen=True)
class Bid:
    """What lies in an envelope: the price in fen and the plan in words."""

    price_fen: int
    plan: str


def new_half() -> tuple[bytes, str]:
    """A private half of 32 bytes, and the public point that belongs to it (hex, uncompressed)."""
    key = ec.generate_private_key(CURVE)
    return key.private_numbers().private_value.to_bytes(32, "big"), _public_of(key)


def public_of(half: bytes) -> str:
    """The public point of a private half."""
    return _public_of(_private(half))


def seal(bid: Bid, publics: tuple[str, str], lot_code: str) -> str:
    """The envelope as text; its key is made for this bid alone and forgotten."""
    own, iv = ec.generate_private_key(CURVE), secrets.token_bytes(12)
    agreed = [own.exchange(ec.ECDH(), _point(public)) for public in publics]
    told = json.dumps({"price_fen": bid.price_fen, "plan": bid.plan}, ensure_ascii=False)
    box = AESGCM(_key(agreed)).encrypt(iv, told.encode(), lot_code.encode())
    envelope = {
        "v": VERSION,
        "key": _public_of(own),
        "iv": iv.hex(),
        "box": b64encode(box).decode(),
    }
    return json.dumps(envelope)


def unseal(text: str, halves: tuple[bytes, bytes], lot_code: str) -> Bid:
    """The bid in an envelope; BadSeal where it was sealed for others or changed."""
    try:
        told = _envelope(text)
        agreed = [_private(half).exchange(ec.ECDH(), _point(told["key"])) for half in halves]
        iv, box = bytes.fromhex(told["iv"]), b64decode(told["box"], validate=True)
        plain = json.loads(AESGCM(_key(agreed)).decrypt(iv, box, lot_code.encode()))
        bid = Bid(plain["price_fen"], plain["plan"])
    except (InvalidTag, ValueError, KeyError, TypeError, BadBase64) as error:
        raise BadSeal("the envelope can't be opened") from error
    if type(bid.price_fen) is not int or not 0 < bid.price_fen < MOST_FEN:
        raise BadSeal("the price is no amount")
    if not isinstance(bid.plan, str) or len(bid.plan) > MOST_TEXT or "\0" in bid.plan:
        raise BadSeal("the plan is no text")
    return bid


def looks_sealed(text: str) -> bool:
    """Whether a text has the form of an envelope; what is in it nobody can say."""
    try:
        told = _envelope(text)
        _point(told["key"])
        return len(bytes.fromhex(told["iv"])) == 12 and bool(b64decode(told["box"], validate=True))
    except (ValueError, KeyError, TypeError, BadBase64):
        return False


def _envelope(text: str) -> dict[str, str]:
    told = json.loads(text)
    if not isinstance(told, dict) or told.get("v") != VERSION:
        raise BadSeal("not an envelope of ours")
    return told


def _key(agreed: list[bytes]) -> bytes:
    return sha256(b"bid-key/v1\0" + b"".join(agreed)).digest()


def _private(half: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(half, "big"), CURVE)


def _point(public: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes.fromhex(public))


def _public_of(key: ec.EllipticCurvePrivateKey) -> str:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point.hex()
