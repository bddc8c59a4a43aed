"""`xingping deployment-files`: what a bureau's machines need around the portal, to be edited."""

import re
import secrets
from importlib.resources import files
from pathlib import Path

import click

FOLDER = files("app") / "data" / "deployment"
PLACEHOLDER = re.compile(r"change-this[a-z-]*")
MODES = {"xingping": 0o755}


def names() -> list[str]:
    """The files, by name."""
    return sorted(entry.name for entry in FOLDER.iterdir() if entry.is_file())


def text_of(name: str) -> str:
    """One file as it is written."""
    return (FOLDER / name).read_text(encoding="utf-8")


def filled() -> dict[str, str]:
    """Every file, with passwords and keys drawn for this one installation, the same in each."""
    drawn: dict[str, str] = {}

    def draw(found: re.Match[str]) -> str:
        return drawn.setdefault(found[0], secrets.token_hex(24))

    return {name: PLACEHOLDER.sub(draw, text_of(name)) for name in names()}


def is_secret(name: str) -> bool:
    """Whether a file holds a password or a key."""
    return bool(PLACEHOLDER.search(text_of(name)))


@click.command("deployment-files")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def deployment_files_command(folder: Path) -> None:
    """Write systemd units, nginx, PostgreSQL, SeaweedFS and settings into FOLDER; replaces nothing.

    Passwords and keys are drawn anew. Where one of the files that hold them is there already, its
    fellows are written with `change-this…`: they take what stands in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    is_first = not any((folder / name).exists() for name in names() if is_secret(name))
    for name, text in (filled() if is_first else {one: text_of(one) for one in names()}).items():
        place = folder / name
        if place.exists():
            click.echo(f"kept     {place}")
            continue
        place.touch(mode=0o600 if is_secret(name) else MODES.get(name, 0o644))
        place.write_text(text, encoding="utf-8")
        click.echo(f"written  {place}")
