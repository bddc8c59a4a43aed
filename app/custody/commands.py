"""The `xingping store` commands: check, sweep and move what the store holds."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import click
from flask import current_app, has_app_context

from app.custody import copying, holdings, locking, proving
from app.custody.copying import Fate
from app.custody.holdings import Check
from app.custody.models import Wrong
from app.papers import sweeping
from app.store import object_store, open_at
from storage import ObjectStore, StoreError

BAD = {Fate.DAMAGED, Fate.LOST, Fate.SPOILT}
WORDS = {Wrong.STRANGER: "a stranger"}


@click.group("store")
def store_commands() -> None:
    """The files of the portal: check them, sweep orphans, move them to another store."""


@contextmanager
def _portal() -> Iterator[None]:
    """Work inside the portal: the one at hand, or what the command line gave us to make it."""
    if has_app_context():
        yield
        return
    with click.get_current_context().find_root().obj().app_context():
        yield


@store_commands.command("check")
@click.option("--sample", type=click.IntRange(1), help="only so many blobs, by chance")
@click.option("--json", "as_json", is_flag=True, help="print the result as JSON")
def check_command(sample: int | None, *, as_json: bool) -> None:
    """Hash every blob again and compare with the records. Exits 0 only when all is right."""
    with _portal(), _plainly():
        if sample:
            found = holdings.check_sample(object_store(), sample, 1 << 62)
        else:
            found = holdings.check_all(object_store())
        holdings.record_check(found, is_full=not sample)
    click.echo(json.dumps(found.to_json()) if as_json else in_words(found))
    click.get_current_context().exit(0 if found.ok else 1)


def in_words(found: Check) -> str:
    """The result as a person reads it."""
    lines = [f"  {WORDS.get(wrong, str(wrong))}: {key}" for wrong, key in found.findings]
    head = "All right" if found.ok else "NOT right"
    return "\n".join([f"{head}: {found.checked} blobs were read.", *lines])


@store_commands.command("sweep")
def sweep_command() -> None:
    """Remove blobs that no record names and that are older than a day, and nothing else."""
    with _portal(), _plainly():
        gone = sweeping.sweep_orphans()
    click.echo(f"{gone} orphans were removed.")


@store_commands.command("copy")
@click.option(
    "--to", "url", required=True, help="file:///folder or s3+https://key:secret@host/bucket"
)
@click.option("--lock", is_flag=True, help="the bucket there has Object Lock: files are sealed")
@click.option("--quick", is_flag=True, help="compare what is there already by its size alone")
@click.option("--quiet", is_flag=True, help="say only the result")
def copy_command(url: str, *, lock: bool, quick: bool, quiet: bool) -> None:
    """Copy everything that the records name to another store, verified; may be run again.

    Exits 0 when all of it is there, read back and compared. Then set STORAGE_URL to the new
    address and start again; what arrived meanwhile is copied by running this once more.
    """
    fates: Counter[Fate] = Counter()
    with _portal(), _plainly():
        target = _target(url, lock=lock)
        named = sorted(sweeping.named_keys())
        copies = copying.copy(object_store(), target, named, quick=quick)
        for number, (key, fate) in enumerate(copies, 1):
            fates[fate] += 1
            if fate in BAD or (not quiet and number % 100 == 0):
                click.echo(f"{number} of {len(named)}  {fate}  {key}")
    click.echo(", ".join(f"{number} {fate}" for fate, number in fates.items()) or "nothing to copy")
    click.get_current_context().exit(1 if BAD & fates.keys() else 0)


def _target(url: str, *, lock: bool) -> ObjectStore:
    if url.rstrip("/") == str(current_app.config["STORAGE_URL"]).rstrip("/"):
        raise click.ClickException("this is the store that is in use")
    app = cast(Any, current_app)._get_current_object()
    try:
        return open_at(app, url, STORAGE_LOCK=lock)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _plainly() -> Iterator[None]:
    """A store that is away is one line, not a trace."""
    try:
        yield
    except StoreError as error:
        raise click.ClickException(f"the store: {error}") from error


@store_commands.command("prove")
def prove_command() -> None:
    """Try now whether the bucket refuses what it must refuse. Exits 0 only if it does."""
    with _portal(), _plainly():
        proof = proving.prove_store()
        if proof is None:
            raise click.ClickException("this store is not meant to lock (STORAGE_LOCK is off)")
        failed = proof.failed
    click.echo("The store refuses all that it must." if not failed else f"FAILED: {failed}")
    click.get_current_context().exit(1 if failed else 0)


@store_commands.command("lock")
def lock_command() -> None:
    """Lock now what is archived and not yet locked, as the background work does each minute."""
    with _portal(), _plainly():
        done = locking.apply_locks()
    click.echo(f"{done} files were locked.")
