"""What the portal stands on, for its system administrator: no business and no log."""

import shutil
import sqlite3
import ssl
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import clock, office, pdf
from app.custody.alarms import open_alarms
from app.custody.proving import last_proof
from app.db import db
from app.store import object_store
from storage import StoreError

# What may stand beside the portal, and the setting that names it.
BESIDE = (
    (_("Mail server"), "SMTP_URL"),
    (_("Virus scanner"), "CLAMD_SOCKET"),
    (_("Time-stamping authority"), "TSA_URL"),
    (_("Electronic seal service"), "ESEAL_URL"),
    (_("Single sign-on"), "OIDC_ISSUER"),
    (_("LibreOffice, for previews"), "SOFFICE_FILE"),
    (_("Converter of OFD"), "OFD_CONVERTER"),
)


def system_facts(app: Flask) -> dict[str, Any]:
    """What it stands on, what is wrong with that, and what was never connected."""
    disk = shutil.disk_usage(str(app.config["XINGPING_VAR"]))
    return {
        "database": _database_words(),
        "store": _store_words(str(app.config["STORAGE_URL"])),
        "locks_itself": bool(app.config["STORAGE_LOCK"]),
        "proof": last_proof(),
        "findings": len(open_alarms()),
        "disk_free": disk.free,
        "openssl": " ".join(ssl.OPENSSL_VERSION.split()[:2]),
        "missing": pdf.missing(),
        "beside": list(_services_beside(app)),
        "holidays": clock.years_covered(),
        "holidays_missing": clock.missing_years(clock.today()),
    }


def _services_beside(app: Flask) -> Iterator[tuple[str, str]]:
    there = {name: bool(app.config[name]) for _label, name in BESIDE}
    there["SOFFICE_FILE"] = office.soffice() is not None
    for label, name in BESIDE:
        missing = gettext("not set up (%(setting)s)", setting=name)
        yield str(label), gettext("set up") if there[name] else missing


def _database_words() -> str:
    dialect = db.session.connection().dialect
    if dialect.name == "sqlite":
        return gettext("SQLite %(version)s, built in", version=sqlite3.sqlite_version)
    version = ".".join(map(str, dialect.server_version_info or ()))
    return f"PostgreSQL {version}"


def _store_words(address: str) -> str:
    try:
        object_store().ping()
    except StoreError:
        return ""
    is_folder = address.startswith("file:")
    return gettext("A folder of this server") if is_folder else gettext("Object store (S3)")
