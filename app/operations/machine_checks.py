"""What the machine must have: room, fonts, programs, and what is asked of outside."""

import os
import shutil
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app import clock, office, pdf
from app.notifications.lines import Away
from app.notifications.mails import MailLine
from app.operations.findings import Finding, bad, good, watch

GIB = 1 << 30
LEAST_FREE, COMFORTABLE = 1 * GIB, 10 * GIB
LEAST_NAMES = 10_000  # inodes
SECONDS = 3


def _setting(name: str) -> Any:
    return current_app.config.get(name)


def disk() -> Iterator[Finding]:
    """Ask for room where uploads and, on one machine, the database lie."""
    var = Path(str(_setting("XINGPING_VAR")))
    if not os.access(var, os.W_OK | os.X_OK):
        yield bad("disk", f"{var} can't be written", f"chown the folder to uid {os.getuid()}")
        return
    free, names = shutil.disk_usage(var).free, os.statvfs(var)
    if names.f_files and names.f_favail < LEAST_NAMES:
        yield bad("disk", f"{names.f_favail} more files fit into {var}", "make room: inodes")
        return
    told, mend = f"{free / GIB:.1f} GiB free in {var}", "make room, or move XINGPING_VAR"
    if free < max(LEAST_FREE, int(_setting("MAX_RESUMABLE_BYTES"))):
        yield bad("disk", f"{told}: less than one upload of the largest size", mend)
    elif free < COMFORTABLE:
        yield watch("disk", told, mend)
    else:
        yield good("disk", told)


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
    if not lacking and not pdf.writes_chinese():
        told = f"{pdf.font_file()} has no Chinese characters: PDFs show empty boxes"
        yield bad("pdf", told, f"{pdf.INSTALL} fonts-noto-cjk; PDF_FONT_FILE")
    yield _office()
    if (named := str(_setting("OFD_CONVERTER") or "")) and office.ofd_converter() is None:
        yield bad("preview", f"{named} is no program here", "correct OFD_CONVERTER, or leave it")


def _office() -> Finding:
    if office.soffice() is not None:
        return good("preview", "office files are shown by LibreOffice")
    if named := str(_setting("SOFFICE_FILE") or ""):
        return bad("preview", f"{named} is no program here", "correct SOFFICE_FILE, or leave it")
    told = "office files aren't shown in the page: no LibreOffice"
    return watch("preview", told, office.INSTALL)


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
    """Sign in at the mail server as a letter would, where one is configured; nothing is sent."""
    if not (address := str(_setting("SMTP_URL") or "")):
        yield watch("mail", "no mail leaves: messages stay in the portal", "set SMTP_URL")
        return
    host = urlsplit(address).hostname or ""
    try:
        with MailLine(address, EmailMessage()):
            yield good("mail", f"{host} answers")
    except Away as error:
        yield bad("mail", f"{host}: {error}", "correct SMTP_URL; messages wait meanwhile")
    if not _setting("PORTAL_URL"):
        mend = "PORTAL_URL=https://<the portal's name>"
        yield watch("mail", "mails carry no link to the portal", mend)
