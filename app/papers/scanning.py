"""The virus scanner: a file is sent to ClamAV's daemon, and only what it calls clean goes on.

The protocol is clamd's INSTREAM: pieces with their length before them, an empty piece at the end,
one line of answer.
"""

import logging
import socket
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext as _

from app.errors import Invalid, Unavailable

log = logging.getLogger(__name__)
PIECE = 256 * 1024
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 3, 120
LONGEST_ANSWER = 4096
LIMITS = "Heuristics.Limits.Exceeded"  # read in part only; told where AlertExceedsMax is set


class Infected(Invalid):
    """The scanner knows this file for malware."""


class ScannerAway(Unavailable):
    """Without the scanner's word nothing is released."""

    message = _(
        "The virus scanner can't be reached at the moment, so the file isn't released."
        " Please try again later"
    )


class TooLargeToScan(ScannerAway):
    """The scanner's own limit (StreamMaxLength) is below the portal's."""

    message = _("The virus scanner doesn't take files of this size; tell the administrator")


@dataclass(frozen=True)
class Scanner:
    """A clamd at the path of its socket, or at host:port."""

    address: str

    def check(self, path: Path) -> None:
        """Raise Infected with the name of what was found, or ScannerAway where no word is had."""
        try:
            with self._line() as line:
                answer = _ask(line, path)
        except OSError as error:
            log.error("the virus scanner at %s: %s", self.address, error)
            raise ScannerAway from error
        _judge(answer)

    def _line(self) -> socket.socket:
        host, colon, port = self.address.rpartition(":")
        if colon and port.isdigit():
            line = socket.create_connection((host, int(port)), SECONDS_TO_CONNECT)
        else:
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(SECONDS_TO_CONNECT)
            try:
                line.connect(self.address)
            except OSError:
                line.close()
                raise
        line.settimeout(SECONDS_TO_ANSWER)
        return line


def _ask(line: socket.socket, path: Path) -> str:
    """Send the file and read the answer; a scanner that hangs up early has answered before."""
    line.sendall(b"zINSTREAM\0")
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        log.warning("the virus scanner hung up before the end of the file")
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (more := line.recv(1024)):
        answer += more
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def _judge(answer: str) -> None:
    """Only the scanner's own OK is clean; whatever isn't understood is not."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return
    if said.startswith(LIMITS):
        raise TooLargeToScan
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")
        raise Infected(_("The virus scanner found %(name)s in this file; it is refused", name=name))
    log.error("the virus scanner answered %r", answer)
    raise TooLargeToScan if "size limit exceeded" in answer else ScannerAway
