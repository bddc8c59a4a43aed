"""The `xingping personal-data` commands."""

import click

from app.personal import rotating


@click.group("personal-data")
def personal_commands() -> None:
    """ID numbers and telephones, which the database holds encrypted."""


@personal_commands.command("rotate")
@click.pass_context
def rotate(ctx: click.Context) -> None:
    """Make a new key and seal every value with it; people may go on working."""
    with ctx.find_root().obj().app_context():
        name, count = rotating.rotate()
    click.echo(f"{count} values are sealed with the new key {name}.")
    click.echo("The older keys stay in PERSONAL_KEY_FILE: older backups need them. Back it up now.")
