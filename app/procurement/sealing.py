"""Sealed bids: only two officers together can open one, and nobody before they join their slips.

Pure. Each officer has a P-256 key of which the portal keeps the public half alone. A bidder makes
a key for this bid only and agrees with both; the bid is encrypted (AES-256-GCM) under a digest of
both agreements, so that one slip, the database and the server's own secrets open nothing. The
browser does the same (static/seal.js); the lot's code is bound into the seal. A plan's file is
encrypted under a key of its own that lies in the envelope; the envelope names the digest of the
encrypted file, so that neither can be changed without the other.
"""

import json
import secrets
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
VERSION = "xingping-bid/1"
MOST_TEXT = 20_000
MOST_FEN = 10**13
MOST_FILE = 20 * 1024 * 1024  # bytes of a plan's file
TAG = 16  # bytes that the encryption adds
HEX = frozenset("0123456789abcdef")


class BadSeal(ValueError):
    """An envelope, a key or a bid that can't be read."""


@dataclass(frozen=True)
class PlanFile:
    """What an envelope says of a plan's file: its name, its digest before it was encrypted, and
    the key and start of its encryption (hex)."""

    name: str
    sha256: str
    key: str
    iv: str


@dataclass(frozen=True)
class Bid:
    """What lies in an envelope: the price in fen, the plan in words, and the key to its file."""

    price_fen: int
    plan: str
    file: PlanFile | None = None


def new_half() -> tuple[bytes, str]:
    """A private half of 32 bytes, and the public point that belongs to it (hex, uncompressed)."""
    key = ec.generate_private_key(CURVE)
    return key.private_numbers().private_value.to_bytes(32, "big"), _public_of(key)


def public_of(half: bytes) -> str:
    """The public point of a private half."""
    return _public_of(_private(half))


def seal(bid: Bid, publics: tuple[str, str], lot_code: str, box_sha256: str = "") -> str:
    """The envelope as text; its key is made for this bid alone and forgotten.

    `box_sha256` is the digest of the plan's encrypted file, where there is one.
    """
    own, iv = ec.generate_private_key(CURVE), secrets.token_bytes(12)
    agreed = [own.exchange(ec.ECDH(), _point(public)) for public in publics]
    told: dict[str, Any] = {"price_fen": bid.price_fen, "plan": bid.plan}
    if bid.file is not None:
        told["file"] = asdict(bid.file)
    plain = json.dumps(told, ensure_ascii=False).encode()
    box = AESGCM(_key(agreed)).encrypt(iv, plain, lot_code.encode())
    envelope = {
        "v": VERSION,
        "key": _public_of(own),
        "iv": iv.hex(),
        "box": b64encode(box).decode(),
    }
    return json.dumps({**envelope, "file": box_sha256} if box_sha256 else envelope)


def seal_file(name: str, data: bytes, lot_code: str) -> tuple[PlanFile, bytes]:
    """What the envelope says of a plan's file, and the encrypted file."""
    key, iv = secrets.token_bytes(32), secrets.token_bytes(12)
    box = AESGCM(key).encrypt(iv, data, lot_code.encode())
    return PlanFile(name, sha256(data).hexdigest(), key.hex(), iv.hex()), box


def unseal_file(file: PlanFile, box: bytes, lot_code: str) -> bytes:
    """The plan's file; BadSeal where it was changed or belongs to another envelope."""
    key, iv = bytes.fromhex(file.key), bytes.fromhex(file.iv)
    try:
        data = AESGCM(key).decrypt(iv, box, lot_code.encode())
    except InvalidTag as error:
        raise BadSeal("the file can't be opened") from error
    if sha256(data).hexdigest() != file.sha256:
        raise BadSeal("the file isn't the one that was sealed")
    return data


def box_of(text: str) -> str:
    """The digest of the encrypted file that belongs to an envelope; empty where there is none."""
    told = _envelope(text).get("file", "")
    if told and not _is_hex(told, 64):
        raise BadSeal("the digest of the file is none")
    return told


def unseal(text: str, halves: tuple[bytes, bytes], lot_code: str) -> Bid:
    """The bid in an envelope; BadSeal where it was sealed for others or changed."""
    try:
        told = _envelope(text)
        agreed = [_private(half).exchange(ec.ECDH(), _point(told["key"])) for half in halves]
        iv, box = bytes.fromhex(told["iv"]), b64decode(told["box"], validate=True)
        plain = json.loads(AESGCM(_key(agreed)).decrypt(iv, box, lot_code.encode()))
        bid = Bid(plain["price_fen"], plain["plan"], _file(plain.get("file")))
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
        box_of(text)
        return len(bytes.fromhex(told["iv"])) == 12 and bool(b64decode(told["box"], validate=True))
    except (ValueError, KeyError, TypeError, BadBase64):
        return False


def _file(told: Any) -> PlanFile | None:
    if told is None:
        return None
    file = PlanFile(told["name"], told["sha256"], told["key"], told["iv"])
    name = file.name
    if not isinstance(name, str) or not 0 < len(name) <= 255 or not name.isprintable():
        raise BadSeal("the file has no name")
    if not (_is_hex(file.sha256, 64) and _is_hex(file.key, 64) and _is_hex(file.iv, 24)):
        raise BadSeal("what is said of the file can't be read")
    return file


def _is_hex(told: Any, digits: int) -> bool:
    return isinstance(told, str) and len(told) == digits and HEX.issuperset(told)


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
