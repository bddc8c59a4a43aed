"""The `xingping personal-data` commands."""

import click

from app.personal import rotating


@click.group("personal-data")
def personal_commands() -> None:
    """ID numbers and telephones, which the database holds encrypted."""


@personal_commands.command("seal-again")
@click.pass_context
def seal_again(ctx: click.Context) -> None:
    """Seal every value with the newest key now; two people make one on the administrators' page."""
    with ctx.find_root().obj().app_context():
        name, count = rotating.seal_again()
    click.echo(f"{count} values were sealed again; all have the key {name}.")
    click.echo("The older keys stay in PERSONAL_KEY_FILE: older backups need them. Back it up now.")
