"""`xingping deployment-files`: what a bureau's machines need around the portal, to be edited."""

from importlib.resources import files
from pathlib import Path

import click

FOLDER = files("app") / "data" / "deployment"


def names() -> list[str]:
    """The files, by name."""
    return sorted(entry.name for entry in FOLDER.iterdir() if entry.is_file())


def text_of(name: str) -> str:
    """One file as it is written."""
    return (FOLDER / name).read_text(encoding="utf-8")


@click.command("deployment-files")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def deployment_files_command(folder: Path) -> None:
    """Write systemd units, nginx, PostgreSQL and a settings file into FOLDER; replaces nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names():
        place = folder / name
        if place.exists():
            click.echo(f"kept     {place}")
            continue
        place.touch(mode=0o600 if name == "settings" else 0o644)
        place.write_text(text_of(name), encoding="utf-8")
        click.echo(f"written  {place}")
