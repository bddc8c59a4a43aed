"""The `xingping audit` commands. `verify --export` needs neither database nor settings."""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from flask import has_app_context

from app import audit, clock
from app.audit import sealing
from app.audit.checking import Trust
from app.audit.checkpoint import BadNote, split
from app.audit.exporting import export, origin_of, verify_export
from app.audit.keys import ORIGIN, key_folder, known_keys, load_verifier
from app.audit.nodes import latest_checkpoint
from app.audit.proofs import NoProof, consistency
from app.audit.reading import snapshot
from app.audit.rotation import followed, statements
from app.audit.rows import Broken
from app.audit.verifying import Result, verify
from app.db import db, transaction

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 10
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("audit")
def audit_commands() -> None:
    """The tamper-evident log: verify, seal, export, and its newest checkpoint."""


@contextmanager
def _portal() -> Iterator[None]:
    """Work inside the portal: the one at hand, or what the command line gave us to make it."""
    if has_app_context():
        yield
        return
    make_app = click.get_current_context().find_root().obj
    with make_app().app_context():
        yield


@audit_commands.command("verify")
@click.option("--export", "file", type=FILE, help="verify this export instead of the database")
@click.option(
    "--anchor", "anchors", type=FILE, multiple=True,
    help="a checkpoint kept outside; finds a history that was signed again",
)  # fmt: skip
@click.option(
    "--key", "keys", type=FILE, multiple=True,
    help="a public key known from outside (PEM, or name+id+base64)",
)  # fmt: skip
@click.option("--origin", default=None, help="the log's name, for a key in PEM form")
@click.option("--json", "as_json", is_flag=True, help="print the result as JSON")
@click.pass_context
def verify_command(
    ctx: click.Context,
    file: Path | None,
    anchors: Sequence[Path],
    keys: Sequence[Path],
    origin: str | None,
    *,
    as_json: bool,
) -> None:
    """Say that the log is whole, or name its first bad entry. Exits 0 only when it is whole.

    Entries removed before their seal (half a second, or as long as the longest open transaction)
    leave no trace on PostgreSQL. Somebody who holds the database and the key can rewrite all of
    it: only a checkpoint that you kept outside (`xingping audit checkpoint`) shows that.
    """
    result = _result(file, anchors, keys, origin)
    click.echo(json.dumps(result.to_json(), ensure_ascii=False) if as_json else _words(result))
    ctx.exit(0 if result.ok else 1)


def _result(
    file: Path | None, anchors: Sequence[Path], keys: Sequence[Path], origin: str | None
) -> Result:
    """Return what verification found; whatever stands in its way is a result too."""
    try:
        notes = [_note(path) for path in anchors]
        if file is not None:
            given = [load_verifier(path, origin or origin_of(file) or ORIGIN) for path in keys]
            return verify_export(file, given or None, notes)
        with _portal():
            known = known_keys()
            name = origin or (known[0].name if known else ORIGIN)
            given = [load_verifier(path, name) for path in keys]
            trusted = followed(given or known, statements(key_folder()))
            return verify(db.engine, Trust(trusted, notes))
    except Broken as broken:
        return Result(ok=False, table=broken.table, reason=broken.reason)
    except Exception as error:
        log.debug("verification did not end", exc_info=True)
        lines = str(error).splitlines() or [""]
        why = f"verification could not be done: {type(error).__name__}: {lines[0]}"
        return Result(ok=False, table="audit_event", reason=why)


def _note(path: Path) -> str:
    """Read a checkpoint kept outside; carriage returns of a mail or an editor are no matter."""
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n").rstrip("\n") + "\n"
        split(text)
    except (OSError, UnicodeError, BadNote) as error:
        raise Broken("anchor", None, f"the anchor {path.name}: {error}") from error
    return text


def _words(result: Result) -> str:
    if not result.ok:
        where = "" if result.first_bad is None else f" {result.first_bad}"
        return f"NOT whole: {result.table}{where}: {result.reason}"
    lines = [
        f"Whole: {result.size} sealed entries, {result.checkpoints} checkpoints,"
        f" {result.unsealed} waiting for their seal.",
        f"Root {result.root}",
    ]
    if result.unguarded:
        lines.append(f"But the database lacks its guards: {', '.join(result.unguarded)}")
    return "\n".join(lines)


@audit_commands.command("seal")
def seal_command() -> None:
    """Seal everything that is committed; also after a restore and before a backup."""
    with _portal():
        try:
            added = _seal_all()
        except sealing.Damaged as damage:
            raise click.ClickException(f"nothing was sealed: {damage}") from damage
        db.session.rollback()
        waiting = sealing.overdue(clock.now())
    click.echo(f"{added} entries sealed.")
    if waiting:
        raise click.ClickException(f"{waiting[0]} and others wait: a transaction is still open")


def _seal_all() -> int:
    """Seal until nothing waits, or for ten seconds where a transaction or a sealer is at work."""
    added, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while True:
        with transaction():
            done = sealing.seal(thorough=True)
            waits = done is None and bool(sealing.overdue(clock.now()))
        added += done.added if done else 0
        if done is None and (not waits or time.monotonic() > deadline):
            return added
        if done is None:
            time.sleep(0.1)


@audit_commands.command("export")
@click.argument("file", type=FILE)
def export_command(file: Path) -> None:
    """Write the whole log to FILE (compressed if it ends in .gz), to be verified anywhere."""
    with _portal():
        try:
            with snapshot(db.engine) as connection:
                number = export(connection, known_keys(), file)
        except OSError as error:
            raise click.ClickException(f"nothing was written: {error}") from error
        with transaction():
            audit.record(audit.PORTAL, audit.Event.LOG_EXPORTED, "audit_log:all", size=number)
    click.echo(f"{number} entries in {file}")


@audit_commands.command("consistency")
@click.argument("old", type=click.IntRange(min=0))
@click.argument("size", type=click.IntRange(min=0), required=False)
def consistency_command(old: int, size: int | None) -> None:
    """Print the proof that the checkpoint of SIZE entries (the newest) continues that of OLD.

    Whoever kept the older checkpoint gives both as --anchor to `xingping verify`.
    """
    with _portal():
        try:
            proof = consistency(old, size)
        except NoProof as error:
            raise click.ClickException(str(error)) from error
    click.echo(json.dumps(proof.to_json(), ensure_ascii=False, indent=1))


@audit_commands.command("checkpoint")
def checkpoint_command() -> None:
    """Print the newest signed checkpoint: keep it outside, it is the anchor of --anchor."""
    with _portal(), db.engine.connect() as connection:
        found = latest_checkpoint(connection)
    if found is None:
        raise click.ClickException("nothing is sealed yet")
    click.echo(found[2], nl=False)
