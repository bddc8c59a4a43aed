"""`xingping backup`, `backups` and `restore`."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from app.errors import PortalError
from app.operations.repository import Repository
from storage import StoreError

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
key_option = click.option("--key-file", type=FILE, help="64 hexadecimal digits: seals the backup")


def repository_at(app: Flask, folder: Path, key_file: Path | None) -> Repository:
    """The backups in a folder; a key that is none is one line, not a trace."""
    try:
        key = bytes.fromhex(key_file.read_text(encoding="ascii").strip()) if key_file else None
        return Repository(folder, Path(str(app.config["XINGPING_VAR"])) / "spool", key)
    except (ValueError, PortalError) as error:
        raise click.ClickException(f"the key can't be read: {error}") from error


@click.command("backup")
@click.argument("folder", type=FOLDER)
@key_option
@click.option("--keep", type=click.IntRange(1), help="so many backups; older ones are removed")
@click.pass_obj
def backup_command(
    portal: Callable[[], Flask], folder: Path, key_file: Path | None, keep: int | None
) -> None:
    """Back up database and store into FOLDER while the portal runs; only what is new is copied."""
    from app import audit
    from app.db import transaction
    from app.operations.backup import back_up, forget_old

    app = portal()
    with app.app_context():
        repository = repository_at(app, folder, key_file)
        try:
            made = back_up(repository)
            old, files = forget_old(repository, keep) if keep else (0, 0)
            with transaction():
                audit.record(
                    audit.PORTAL, audit.Event.BACKUP_MADE, "portal",
                    stamp=made.stamp, rows=made.rows, files=made.files, copied=made.copied,
                )  # fmt: skip
        except (PortalError, StoreError, OSError) as error:
            raise click.ClickException(f"no backup was made: {error}") from error
    click.echo(f"{made.stamp}: {made.rows} rows, {made.files} files ({made.copied} copied)")
    if old:
        click.echo(f"{old} older backups and {files} files removed")


@click.command("backups")
@click.argument("folder", type=FOLDER)
@key_option
@click.pass_obj
def backups_command(portal: Callable[[], Flask], folder: Path, key_file: Path | None) -> None:
    """List the whole backups in FOLDER, oldest first."""
    repository = repository_at(portal(), folder, key_file)
    for stamp in repository.stamps():
        try:
            told = repository.manifest(stamp)
        except StoreError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{stamp}  {sum(told['tables'].values())} rows  {told['files']} files")


@click.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--at", "stamp", help="which backup; the newest by default")
@key_option
@click.option("--json", "as_json", is_flag=True, help="print the result as JSON")
@click.pass_obj
def restore_command(
    portal: Callable[[], Flask],
    folder: Path,
    stamp: str | None,
    key_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Restore a backup of FOLDER into this empty portal, and verify its log and every file.

    Exits 0 only when the log is whole and every paper there and true.
    """
    from app.operations.restore import restore

    app = portal()
    with app.app_context():
        repository = repository_at(app, folder, key_file)
        if not (stamps := repository.stamps()):
            raise click.ClickException(f"no whole backup lies in {folder}")
        try:
            found = restore(repository, stamp or stamps[-1])
        except (PortalError, StoreError, OSError, ValueError) as error:
            raise click.ClickException(f"not restored: {error}") from error
    if as_json:
        click.echo(json.dumps({"ok": not found.wrong, **vars(found)}, ensure_ascii=False))
    else:
        click.echo(f"{found.rows} rows, {found.files} files; the log has {found.log_size} entries")
        for line in found.wrong:
            click.echo(f"  WRONG {line}")
    click.get_current_context().exit(bool(found.wrong))
