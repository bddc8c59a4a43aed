"""Asking a time-stamping authority (RFC 3161) over HTTP, and checking what it answers.

The request is written here, since only the digest is sent: a report never leaves the house.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import urllib3
from cryptography import x509
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SHA256_DER = bytes.fromhex("300d06096086480165030402010500")  # AlgorithmIdentifier, NULL
MOST_BYTES = 200_000
TIMEOUT = urllib3.Timeout(connect=5, read=20)


class NoStamp(Exception):
    """The authority gave no stamp that can be trusted; the message says why."""


@dataclass(frozen=True)
class Stamp:
    """A verified token: the reply's bytes, and what it says."""

    token: bytes
    stamped_at: datetime
    serial: str
    authority: str


@dataclass(frozen=True)
class Authority:
    """Where stamps are asked for, and the root certificates that they must lead to."""

    url: str
    roots: Path

    def stamp(self, digest: bytes) -> Stamp:
        """Ask for a stamp over a SHA-256 digest; NoStamp where none comes or it doesn't hold."""
        nonce = secrets.randbits(63)
        token = self._answer(request_for(digest, nonce))
        return checked(token, digest, self._trusted(), nonce=nonce)

    def _answer(self, request: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            with urllib3.PoolManager(timeout=TIMEOUT, retries=False) as http:
                reply = http.request(
                    "POST", self.url, body=request, headers=headers, redirect=False,
                    preload_content=False,
                )  # fmt: skip
                data = reply.read(MOST_BYTES + 1)
        except urllib3.exceptions.HTTPError as error:
            raise NoStamp(f"the authority does not answer: {error}") from error
        if reply.status != 200 or len(data) > MOST_BYTES:
            raise NoStamp(f"the authority answered with status {reply.status}")
        return data

    def _trusted(self) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(self.roots.read_bytes())
        except (OSError, ValueError) as error:
            raise NoStamp(f"the root certificates can't be read: {self.roots}") from error


def request_for(digest: bytes, nonce: int) -> bytes:
    """A TimeStampReq in DER: version 1, the imprint, a nonce, and the certificate is wanted."""
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    imprint = _der(0x30, SHA256_DER + _der(0x04, digest))
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    return _der(0x30, b"\x02\x01\x01" + imprint + _der(0x02, number) + b"\x01\x01\xff")


def _der(tag: int, body: bytes) -> bytes:
    if len(body) > 127:
        raise ValueError("a request is short")
    return bytes([tag, len(body)]) + body


def checked(
    token: bytes, digest: bytes, roots: list[x509.Certificate], *, nonce: int | None = None
) -> Stamp:
    """Check a reply: granted, signed by an authority under these roots, over this very digest."""
    try:
        reply = decode_timestamp_response(token)
        builder = VerifierBuilder(roots=roots, nonce=nonce)
        if not builder.build().verify(reply, digest):
            raise NoStamp("the stamp does not hold")
    except (ValueError, VerificationError) as error:
        raise NoStamp(f"the stamp does not hold: {error}") from error
    told = reply.tst_info
    return Stamp(token, told.gen_time.astimezone(UTC), f"{told.serial_number:x}", _name_of(reply))


def _name_of(reply: TimeStampResponse) -> str:
    """The authority as its own certificate names it."""
    for raw in reply.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(bytes(raw))
        try:
            uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        if x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in uses:
            return certificate.subject.rfc4514_string()[:200]
    return ""
