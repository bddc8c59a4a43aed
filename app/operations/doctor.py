"""`xingping doctor`: every part of the installation, what is wrong with it, and the mend."""

import json
from collections.abc import Callable, Iterator

import click
from flask import Flask

from app.operations import database_checks, machine_checks, service_checks
from app.operations.findings import Check, Finding, State, examined

CHECKS: dict[str, Check] = {
    "disk": machine_checks.disk,
    "keys": machine_checks.keys,
    "https": machine_checks.cookies,
    "database": database_checks.database,
    "seals": database_checks.seals,
    "clock": database_checks.time_of_day,
    "store": service_checks.store,
    "time stamps": service_checks.time_stamps,
    "sign-on": service_checks.single_sign_on,
    "queue": service_checks.work,
    "scanner": machine_checks.scanner,
    "mail": machine_checks.mail,
    "pdf": machine_checks.printing,
    "holidays": machine_checks.holidays,
}
MARKS = {State.GOOD: "ok  ", State.WATCH: "note", State.BAD: "BAD "}


def examine(app: Flask) -> list[Finding]:
    """Return every finding, part by part; one part that can't be reached hides no other."""
    with app.app_context():
        return [found for part, check in CHECKS.items() for found in examined(part, check)]


def needed() -> Iterator[Finding]:
    """Yield what an instance must have to answer people, of the database and the store alone."""
    yield from examined("schema", database_checks.answers)
    yield from examined("store", service_checks.answers)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="print the findings as JSON")
@click.pass_obj
def doctor_command(portal: Callable[[], Flask], *, as_json: bool) -> None:
    """Examine this installation. Exits 0 only when nothing keeps the portal from its work."""
    found = examine(portal())
    if as_json:
        click.echo(json.dumps([one.to_json() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{MARKS[one.state]} {one.part:10} {one.told}")
            if one.mend:
                click.echo(f"{'':16}→ {one.mend}")
    click.get_current_context().exit(any(one.state is State.BAD for one in found))
