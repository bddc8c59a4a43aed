"""What the machine must have: room, keys that only we read, fonts, and what is asked of outside."""

import os
import shutil
import smtplib
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app import clock, office, pdf
from app.operations.findings import Finding, bad, good, watch

GIB = 1 << 30
LEAST_FREE, COMFORTABLE = 1 * GIB, 10 * GIB
SECONDS = 3


def _setting(name: str) -> Any:
    return current_app.config.get(name)


def disk() -> Iterator[Finding]:
    """Ask for room where uploads and, on one machine, the database lie."""
    var = Path(str(_setting("XINGPING_VAR")))
    if not os.access(var, os.W_OK | os.X_OK):
        yield bad("disk", f"{var} can't be written", f"chown the folder to uid {os.getuid()}")
        return
    free = shutil.disk_usage(var).free
    told, mend = f"{free / GIB:.1f} GiB free in {var}", "make room, or move XINGPING_VAR"
    if free < max(LEAST_FREE, int(_setting("MAX_RESUMABLE_BYTES"))):
        yield bad("disk", f"{told}: less than one upload of the largest size", mend)
    elif free < COMFORTABLE:
        yield watch("disk", told, mend)
    else:
        yield good("disk", told)


def keys() -> Iterator[Finding]:
    """Ask whether the secrets are there, and readable by nobody else."""
    var = Path(str(_setting("XINGPING_VAR")))
    named = (
        _setting("AUDIT_KEY_FILE"),
        _setting("STORAGE_KEY_FILE"),
        _setting("PERSONAL_KEY_FILE"),
        var / "keys" / "secret_key",
    )
    for path in (Path(str(one)) for one in named if one):
        if not path.exists():
            continue  # made at its first use, or given by the environment
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield bad("keys", f"{path} is open to others ({mode:o})", f"chmod 600 {path}")
        elif not os.access(path, os.R_OK):
            yield bad("keys", f"{path} can't be read", f"chown it to uid {os.getuid()}")
        else:
            yield good("keys", f"{path.name} is ours alone")
    if "demo" in str(_setting("AUDIT_ORIGIN")):
        mend = "AUDIT_ORIGIN=<the bureau's own name>/xingping, before the first entry"
        yield watch("keys", "the log still goes by the demonstration's name", mend)


def cookies() -> Iterator[Finding]:
    """Ask whether sessions travel by https alone."""
    if _setting("XINGPING_HTTPS"):
        yield good("https", "cookies are marked Secure")
    else:
        mend = "TLS in the proxy, XINGPING_HTTPS=1 and TRUSTED_PROXIES=1"
        yield watch("https", "cookies also travel without TLS", mend)


def printing() -> Iterator[Finding]:
    """Ask for Pango, HarfBuzz Subset and a Chinese font."""
    lacking = [line.partition(": ") for line in pdf.missing()]
    for told, _colon, mend in lacking:
        yield bad("pdf", told, mend)
    if not lacking:
        yield good("pdf", f"Pango, HarfBuzz Subset, {Path(str(pdf.font_file())).name}")
    if office.soffice() is None:
        mend = "apt-get install -y --no-install-recommends libreoffice-writer-nogui"
        yield watch("preview", "office files aren't shown in the page: no LibreOffice", mend)
    else:
        yield good("preview", "office files are shown by LibreOffice")


def holidays() -> Iterator[Finding]:
    """Ask whether working days can be counted for as long as deadlines reach."""
    years = clock.years_covered()
    if lacking := clock.missing_years(clock.today()):
        told = f"no table for {', '.join(map(str, lacking))}: weekends alone are counted as free"
        mend = "System › Holidays: add the year as the State Council has published it"
        yield watch("holidays", told, mend)
    else:
        yield good("holidays", f"{min(years)}–{max(years)}")


def scanner() -> Iterator[Finding]:
    """Ask the virus scanner, where one is configured."""
    if not (address := str(_setting("CLAMD_SOCKET") or "")):
        mend = "apt-get install -y clamav-daemon, CLAMD_SOCKET=/run/clamav/clamd.ctl"
        yield watch("scanner", "uploads aren't scanned for malware", mend)
        return
    try:
        answer = _ping(address)
    except OSError as error:
        yield bad("scanner", f"{address}: {error}", "systemctl start clamav-daemon; uploads wait")
        return
    good_answer = answer.startswith(b"PONG")
    yield (
        good("scanner", f"clamd answers at {address}")
        if good_answer
        else bad("scanner", f"{address} is no clamd", "correct CLAMD_SOCKET")
    )


def _ping(address: str) -> bytes:
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit():
        line = socket.create_connection((host, int(port)), timeout=SECONDS)
    else:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(address)
    with line:
        line.sendall(b"zPING\0")
        return line.recv(64)


def mail() -> Iterator[Finding]:
    """Ask the mail server for its greeting, where one is configured."""
    if not (address := str(_setting("SMTP_URL") or "")):
        yield watch("mail", "no mail leaves: messages stay in the portal", "set SMTP_URL")
        return
    place = urlsplit(address)
    host, port = place.hostname or "", place.port or 25
    try:
        kind = smtplib.SMTP_SSL if place.scheme == "smtps" else smtplib.SMTP
        with kind(host, port, timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield bad("mail", f"{host}: {error}", "correct SMTP_URL; messages wait meanwhile")
        return
    yield good("mail", f"{host} answers")
