"""The `xingping` command: it prints what a person wants to know, and exits 0 only on good news."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask

from app.errors import PortalError
from config import BadSetting, load_config

log = logging.getLogger(__name__)


def portal() -> Flask:
    """Build the portal from the environment; a wrong setting is one line, not a trace."""
    from app import create_app

    # Beside a checkout, `make run` has made an embedded district: commands speak of the same one.
    env = (
        {"XINGPING_EMBEDDED": "1", **os.environ}
        if not os.environ.get("DATABASE_URL")
        else os.environ
    )
    try:
        return create_app(load_config(env))
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


class Plain(click.Group):
    """Commands that say in one line, not in a trace, that their database is away or too old."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except database_troubles() as error:
            log.debug("a command ended early", exc_info=True)
            lines = str(getattr(error, "orig", error)).strip().splitlines() or [""]
            raise click.ClickException(f"the database: {lines[0]}") from error


def database_troubles() -> tuple[type[Exception], ...]:
    """What a database that can't be reached raises, or one without this release's tables."""
    from sqlalchemy.exc import OperationalError, ProgrammingError  # late: half need no database

    return OperationalError, ProgrammingError


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Xingping: the portal of a finance bureau and its third-party performance evaluators."""
    ctx.obj = portal  # a feature's commands make the portal only if they need it


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="processes; one a core by default")
@click.option("--demo/--no-demo", default=True, help="demonstration data in an empty database")
def serve(host: str, port: int, workers: int | None, *, demo: bool) -> None:
    """Start the portal; in an empty embedded database with the demonstration district."""
    from app import pdf
    from app.serving import serve as run

    app = portal()
    migrate_database(app)
    refuse_without_keys(app)
    if demo and app.config["XINGPING_EMBEDDED"] and is_empty(app):
        make_demo(app)
    for line in pdf.missing():
        click.echo(line)
    click.echo(f"\nXingping 星评  http://{host}:{port}/")
    signs = sign_ins_file(app)
    if signs.exists():
        click.echo(signs.read_text(encoding="utf-8"))
    sys.stdout.flush()
    run(app, host, port, workers)


def migrate_database(app: Flask) -> None:
    """Bring the database to this release's schema."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()


def refuse_without_keys(app: Flask) -> None:
    """Don't work over data that a missing key seals: what came meanwhile would need another."""
    from app.db import end_read
    from app.operations import key_checks

    with app.app_context():
        for told in key_checks.lost():
            raise click.ClickException(f"{told.told}\n{told.mend}")
        end_read()


def is_empty(app: Flask) -> bool:
    """Whether nobody has an account yet."""
    from sqlalchemy import select

    from app.accounts.models import User
    from app.db import db

    with app.app_context():
        return db.session.scalar(select(User.id).limit(1)) is None


def sign_ins_file(app: Flask) -> Path:
    """Where the demonstration's sign-in names are kept for the next start."""
    return Path(str(app.config["XINGPING_VAR"])) / "demonstration-sign-ins.txt"


def make_demo(app: Flask) -> None:
    """Make the demonstration district and keep its sign-ins for those who start the portal."""
    from app.demo import build

    click.echo("Making the demonstration district (演示数据) …")
    words = build(app)
    path = sign_ins_file(app)
    path.touch(mode=0o600)
    path.write_text(words, encoding="utf-8")


@main.command()
def migrate() -> None:
    """Bring the database to this release's schema."""
    migrate_database(portal())
    click.echo("The database is up to date.")


@main.command()
@click.option("--threads", default=2, show_default=True, help="pieces of work at a time")
def worker(threads: int) -> None:
    """Do the queued and the periodic work, beside servers that run with JOBS=0."""
    from app import jobs

    app = portal()
    refuse_without_keys(app)
    jobs.work(app, threads)


@main.command()
def demo() -> None:
    """Make the demonstration district in an empty database, through the services, and seal it."""
    app = portal()
    migrate_database(app)
    if not is_empty(app):
        raise click.ClickException("the database isn't empty: demonstration data is refused")
    make_demo(app)
    click.echo(sign_ins_file(app).read_text(encoding="utf-8"))


@main.command("first-account")
@click.argument("login")
@click.argument("name")
def first_account(login: str, name: str) -> None:
    """Open the first account of an empty portal: its security administrator, who opens the rest."""
    from app.accounts import founding
    from app.db import transaction

    app = portal()
    with app.app_context():
        try:
            with transaction():
                password = founding.found(str(app.config["BUREAU_NAME"]), login, name)
        except PortalError as error:
            raise click.ClickException(str(error.message)) from error
    click.echo(f"{login}: {password}   (must be changed at the first sign-in)")


@main.command()
def settings() -> None:
    """List every setting, its default and its meaning."""
    from config import SETTINGS

    for setting in SETTINGS:
        default = "required" if setting.default is None else setting.default
        click.echo(f"{setting.name:28} {default:28} {setting.meaning}")


def join_commands() -> None:
    """Features bring their own commands."""
    from app.api.commands import api_commands
    from app.archiving.commands import verify_command
    from app.audit.commands import audit_commands
    from app.custody.commands import store_commands
    from app.operations.commands import backup_command, backups_command, restore_command
    from app.operations.deployment import deployment_files_command
    from app.operations.doctor import doctor_command
    from app.packs import files, verifying
    from app.personal.commands import personal_commands
    from app.procurement.commands import seal_bid_command
    from app.rankings import bundles
    from app.rankings.commands import rankings_commands
    from app.screening.commands import screens_commands
    from app.verification import package_kinds

    kinds = {bundles.STATEMENT: bundles.verify_bundle, files.MANIFEST: verifying.verify_pack}
    package_kinds.update(kinds)
    for group in (api_commands, audit_commands, personal_commands):
        main.add_command(group)
    main.add_command(backup_command)
    main.add_command(backups_command)
    main.add_command(restore_command)
    main.add_command(deployment_files_command)
    main.add_command(doctor_command)
    main.add_command(rankings_commands)
    for command in (screens_commands, verify_command, store_commands, seal_bid_command):
        main.add_command(command)


join_commands()
