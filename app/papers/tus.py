"""The words of tus 1.0, the protocol of uploads that go on after a cut: headers and refusals."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.errors import Conflict, Invalid, NoPart, PortalError

if TYPE_CHECKING:
    from hashlib import _Hash

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
ALGORITHMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
LONGEST_HEADER = 8192


class OtherOffset(Conflict):
    """The part does not begin where the file ends; the sender asks where that is, and goes on."""

    message = _("The part doesn't begin where the file ends")


@dataclass(frozen=True)
class Checksum:
    """What the sender says of one part."""

    algorithm: str
    digest: bytes

    def begun(self) -> "_Hash":
        """A hash of this kind."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


@dataclass(frozen=True)
class Part:
    """A piece of a file on its way: where it begins, and how long it says it is."""

    offset: int
    length: int
    checksum: Checksum | None = None


def whole_number(text: str | None) -> int:
    """Read a count of bytes."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(_("The request can't be understood"))
    return int(text)


def metadata_of(header: str) -> dict[str, str]:
    """Read `name base64,name base64`; a name may stand without a value."""
    told: dict[str, str] = {}
    if len(header) > LONGEST_HEADER:
        raise Invalid(_("The request can't be understood"))
    for pair in filter(None, (pair.strip() for pair in header.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Invalid(_("The request can't be understood")) from error
    return told


def checksum_of(header: str | None) -> Checksum | None:
    """Read `sha1 base64`; an algorithm that nobody offered is refused."""
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise PortalError(_("The request can't be understood")) from error
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
        raise PortalError(_("The request can't be understood"))
    return Checksum(algorithm, digest)


def part_of(headers: Mapping[str, str]) -> Part:
    """Read what stands over a part: its type, its place, its length and perhaps its checksum."""
    if headers.get("Content-Type", "").partition(";")[0].strip() != PART_TYPE:
        raise NoPart
    return Part(
        offset=whole_number(headers.get("Upload-Offset")),
        length=whole_number(headers.get("Content-Length")),
        checksum=checksum_of(headers.get("Upload-Checksum")),
    )
