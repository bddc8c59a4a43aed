"""What stands beside the portal: the seal service, the certificate, traces, the last backup."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from app import audit, clock, pdf_signing
from app.audit.models import AuditEvent
from app.db import db
from app.operations.findings import Finding, bad, good, watch
from app.seal_service import HttpSealer, NoSeal, sealer

OLD_BACKUP = timedelta(days=2)


def seal_service() -> Iterator[Finding]:
    """Ask whether the seal service listens, where one is set."""
    service = sealer()
    if not isinstance(service, HttpSealer):
        yield good("seal service", "none is set: documents go out without an electronic seal")
        return
    try:
        service.knock()
    except NoSeal as error:
        mend = "https, outside our network or in ESEAL_OWN_HOSTS; ESEAL_TOKEN_FILE readable"
        yield bad("seal service", f"{service.url}: {error.failure}", mend)
    else:
        yield good("seal service", f"{urlsplit(service.url).hostname} listens")


def certificate() -> Iterator[Finding]:
    """Ask whether the certificate that signs PDFs opens, and for how long it holds."""
    if not (path := str(current_app.config["PDF_CERTIFICATE_FILE"] or "")):
        yield good("certificate", "none is set: published PDFs carry no signature")
        return
    try:
        ends = pdf_signing.valid_until()
    except pdf_signing.NotInstalled:
        yield bad("certificate", "the extra `signing` isn't installed", "install it: see README")
        return
    except pdf_signing.BadCertificate:
        mend = "PDF_CERTIFICATE_FILE: a PKCS #12; PDF_CERTIFICATE_PASSWORD_FILE: its password"
        yield bad("certificate", f"{path} doesn't open", mend)
        return
    left, mend = ends - clock.now(), "order the next one; lay it there and start again"
    if left < timedelta(0):
        yield bad("certificate", f"it ended on {ends:%Y-%m-%d}", mend)
    elif left < timedelta(days=30):
        yield watch("certificate", f"it ends on {ends:%Y-%m-%d}", mend)
    else:
        yield good("certificate", f"it holds until {ends:%Y-%m-%d}")


def traces() -> Iterator[Finding]:
    """Ask whether traces can be made, where a collector is named."""
    url = str(current_app.config["TRACES_URL"] or "")
    if not url:
        yield good("traces", "no collector is set: none are made")
    elif urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        yield bad("traces", "TRACES_URL is no address", "TRACES_URL=http://host:4318/v1/traces")
    elif find_spec("opentelemetry") is None:
        yield bad("traces", "the extra `telemetry` isn't installed: no traces", "install it")
    else:
        yield good("traces", f"they go to {urlsplit(url).hostname}")


def backups() -> Iterator[Finding]:
    """Ask the log for the last backup that was made."""
    asked = select(AuditEvent.at).where(AuditEvent.event == audit.Event.BACKUP_MADE.label)
    newest = db.session.scalar(asked.order_by(AuditEvent.id.desc()).limit(1))
    mend = "xingping backup FOLDER --key-file FILE, each night: xingping-backup.timer"
    if newest is None:
        yield watch("backup", "none was made yet", mend)
    elif clock.now() - newest > OLD_BACKUP:
        yield watch("backup", f"the last one is of {newest:%Y-%m-%d %H:%M} UTC", mend)
    else:
        yield good("backup", f"the last one is of {newest:%Y-%m-%d %H:%M} UTC")
