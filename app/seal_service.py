"""The narrow door to a seal service: a PDF goes in, the sealed PDF comes out and is verified.

Two requests, each a POST with `Authorization: Bearer …`:
`{address}/seals` takes application/pdf and answers with the sealed PDF;
`{address}/verifications` takes a PDF and answers JSON: `valid` (true or false), `sha256` of what it
looked at, `signer`, `seal_no`, `sealed_at`.
A service that speaks otherwise gets a small adapter of its own that speaks so. What a seal is worth
in law, and by which algorithms it is made, is that service's word: nothing here claims it.
"""

import hashlib
import http.client
import io
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from app.errors import Unavailable, Words
from app.notifications.hooks import NotOutside, check_scheme, connected, hang_up, outside_address

MOST_BYTES = 64 << 20
TOLD = "signer", "seal_no", "sealed_at"
PDF, JSON = "application/pdf", "application/json"


class NoSeal(Unavailable):
    """There is no verified seal; the words say why. `failure` is its kind, for the log."""

    failure = "refused"
    message = _("The seal service refused the document: it is not sealed")


class ServiceAway(NoSeal):
    """Nobody answered, or not in time."""

    failure = "away"
    message = _(
        "The seal service doesn't answer: the document is not sealed. Please try again later"
    )


class WrongSettings(NoSeal):
    """The address may not be asked, or the token can't be read."""

    failure = "settings"
    message = _(
        "The seal service can't be asked: its address must be https and outside our own network or"
        " named in ESEAL_OWN_HOSTS, and its token readable"
    )


class AnotherDocument(NoSeal):
    """What came back is no PDF, or another one."""

    failure = "another_document"
    message = _("What the seal service sent back is not this document: it is not kept")


class NotVerified(NoSeal):
    """A PDF came back whose seal does not hold."""

    failure = "not_verified"
    message = _("The seal that came back could not be verified: it is not kept")


@dataclass(frozen=True)
class Sealed:
    """A sealed PDF whose seal was verified, and what the verification says."""

    pdf: bytes
    signer: str
    seal_no: str
    sealed_at: str  # as the service tells it

    @property
    def sha256(self) -> str:
        """The digest of the sealed file."""
        return hashlib.sha256(self.pdf).hexdigest()


class Sealer(Protocol):
    """Whatever seals a PDF; NoSeal where no verified seal comes of it."""

    def seal(self, pdf: bytes) -> Sealed:
        """The PDF with its seal, verified."""
        ...


def sealer() -> Sealer | None:
    """The seal service of the settings; none where none is named."""
    config = current_app.config
    if not config["ESEAL_URL"]:
        return None
    hosts = str(config["ESEAL_OWN_HOSTS"]).replace(",", " ").split()
    return HttpSealer(
        str(config["ESEAL_URL"]).rstrip("/"),
        str(config["ESEAL_TOKEN_FILE"]),
        int(config["ESEAL_SECONDS"]),
        frozenset(hosts),
    )


@dataclass(frozen=True)
class HttpSealer:
    """A seal service over HTTP, asked by the rules that hold for webhooks."""

    url: str
    token_file: str = field(repr=False)
    seconds: int
    own_hosts: frozenset[str]

    def seal(self, pdf: bytes) -> Sealed:
        """Ask for the seal, then for its verification, of the very bytes that came back."""
        made = self._ask("seals", pdf, PDF)
        if not is_same_document(pdf, made):
            raise AnotherDocument
        return checked(made, self._ask("verifications", made, JSON))

    def knock(self) -> None:
        """Whether somebody listens there and the token can be read; nothing is sent."""
        self._token()
        parts = urlsplit(self.url)
        self._line(parts.scheme, str(parts.hostname), parts.port).close()

    def _ask(self, what: str, pdf: bytes, wanted: str) -> bytes:
        parts = urlsplit(f"{self.url}/{what}")
        headers = {"Content-Type": PDF, "Accept": wanted, **self._token()}
        call = self._line(parts.scheme, str(parts.hostname), parts.port)
        ring = threading.Timer(self.seconds, hang_up, [call.sock])
        ring.start()
        try:
            call.sock.settimeout(self.seconds)
            call.request("POST", parts.path, pdf, headers)
            reply = call.getresponse()
            answer = whole(reply)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            raise ServiceAway from error
        finally:
            ring.cancel()
            call.close()
        judge(reply.status, answer)
        return answer

    def _line(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        door = port or (443 if scheme == "https" else 80)
        try:
            check_scheme(scheme, host, self.own_hosts)
            address = outside_address(host, door, self.own_hosts)
        except NotOutside as error:
            raise WrongSettings from error
        except OSError as error:
            raise ServiceAway from error
        try:
            return connected(scheme, host, door, address)
        except OSError as error:
            raise ServiceAway from error

    def _token(self) -> dict[str, str]:
        if not self.token_file:
            return {}
        try:
            token = Path(self.token_file).read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise WrongSettings from error
        return {"Authorization": f"Bearer {token}"}


def whole(reply: http.client.HTTPResponse) -> bytes:
    """The answer, as far as it is bearable; IncompleteRead where it was cut short."""
    answer = reply.read(MOST_BYTES + 1)
    if reply.length and len(answer) <= MOST_BYTES:
        raise http.client.IncompleteRead(answer, reply.length)
    return answer


def judge(status: int, answer: bytes) -> None:
    """A 200 of bearable length is an answer; anything else is a refusal, or nobody at home."""
    if status >= 500 or status in {408, 429}:
        raise ServiceAway
    if status != 200 or len(answer) > MOST_BYTES:
        raise NoSeal


def is_same_document(plain: bytes, made: bytes) -> bool:
    """Whether a PDF is ours with something added: appended, as signatures are, or page by page.

    A file that came back as it went has no seal.
    """
    if made == plain or not made.startswith(b"%PDF-"):
        return False
    if made.startswith(plain):
        return True
    try:
        ours, theirs = (PdfReader(io.BytesIO(one)).pages for one in (plain, made))
        return len(ours) == len(theirs) and all(
            "".join(page.extract_text().split()) in "".join(other.extract_text().split())
            for page, other in zip(ours, theirs, strict=True)
        )
    except (PyPdfError, ValueError, TypeError, KeyError, RecursionError):
        return False


def checked(pdf: bytes, answer: bytes) -> Sealed:
    """A sealed PDF by what its verification says; NotVerified where that is anything but yes."""
    try:
        told: dict[str, Any] = json.loads(answer)
        words = {name: str(told.get(name) or "")[:200] for name in TOLD}
        is_valid = told["valid"] is True and told["sha256"] == hashlib.sha256(pdf).hexdigest()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotVerified from error
    if not is_valid or not words["signer"]:
        raise NotVerified
    return Sealed(pdf, **words)


FAILURES: dict[str, Words] = {
    kind.failure: kind.message
    for kind in (NoSeal, ServiceAway, WrongSettings, AnotherDocument, NotVerified)
}
