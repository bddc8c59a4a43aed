"""`xingping doctor`: every part of the installation, what is wrong with it, and the mend."""

import json
import logging
from collections.abc import Callable, Iterator

import click
from flask import Flask

from app.db import end_read
from app.operations import (
    beside_checks,
    database_checks,
    key_checks,
    machine_checks,
    service_checks,
)
from app.operations.findings import Check, Finding, State, examined, watch

# Each part, how it is looked at, and what helps where that fails; a database says more itself.
PARTS: dict[str, tuple[Check, str]] = {
    "disk": (machine_checks.disk, "XINGPING_VAR: a folder that the portal's user may write"),
    "keys": (key_checks.keys, "the files' owner and mode: see README, Secrets"),
    "https": (machine_checks.cookies, ""),
    "database": (database_checks.database, ""),
    "sealed": (key_checks.use, ""),
    "seals": (database_checks.seals, ""),
    "clock": (database_checks.time_of_day, ""),
    "store": (service_checks.store, "start the store; STORAGE_URL: host, port, keys, bucket"),
    "time stamps": (service_checks.time_stamps, "TSA_URL, TSA_ROOTS_FILE"),
    "sign-on": (service_checks.single_sign_on, "OIDC_ISSUER"),
    "queue": (service_checks.queue, "start it, or correct QUEUE_URL; work waits meanwhile"),
    "jobs": (service_checks.work, ""),
    "scanner": (machine_checks.scanner, "CLAMD_SOCKET"),
    "mail": (machine_checks.mail, "correct SMTP_URL: smtp://user:password@host:25?starttls=1"),
    "seal service": (beside_checks.seal_service, "ESEAL_URL, ESEAL_TOKEN_FILE"),
    "certificate": (beside_checks.certificate, "PDF_CERTIFICATE_FILE"),
    "pdf": (machine_checks.printing, "PDF_FONT_FILE"),
    "holidays": (machine_checks.holidays, "System › Holidays"),
    "traces": (beside_checks.traces, "TRACES_URL"),
    "backup": (beside_checks.backups, ""),
}
CHECKS: dict[str, Check] = {part: check for part, (check, _mend) in PARTS.items()}
ON_THE_DATABASE = {"sealed", "seals", "clock", "jobs", "backup"}
MARKS = {State.GOOD: "ok  ", State.WATCH: "note", State.BAD: "BAD "}


def examine(app: Flask) -> list[Finding]:
    """Return every finding, part by part; one part that can't be reached hides no other."""
    found: list[Finding] = []
    with app.app_context():
        for part, (check, mend) in PARTS.items():
            if part in ON_THE_DATABASE and _database_is_bad(found):
                found.append(watch(part, "not looked at", "mend the database first"))
            else:
                found += examined(part, check, mend)
            end_read()
    return found


def _database_is_bad(found: list[Finding]) -> bool:
    return any(one.state is State.BAD and one.part in {"database", "schema"} for one in found)


def needed() -> Iterator[Finding]:
    """Yield what an instance must have to answer people, of the database and the store alone."""
    yield from examined("schema", database_checks.answers)
    yield from examined("store", service_checks.answers)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="print the findings as JSON")
@click.pass_obj
def doctor_command(portal: Callable[[], Flask], *, as_json: bool) -> None:
    """Examine this installation. Exits 0 only when nothing keeps the portal from its work."""
    app = portal()
    logging.disable(logging.ERROR)  # its own lines say what is wrong
    try:
        found = examine(app)
    finally:
        logging.disable(logging.NOTSET)
    if as_json:
        click.echo(json.dumps([one.to_json() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{MARKS[one.state]} {one.part:12} {one.told}")
            if one.mend:
                click.echo(f"{'':18}→ {one.mend}")
    click.get_current_context().exit(any(one.state is State.BAD for one in found))
