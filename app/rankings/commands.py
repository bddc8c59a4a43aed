"""`xingping rankings`: fit the mixed model to any table of ratings, and test it against a truth."""

import json
from pathlib import Path

import click


@click.group("rankings")
def rankings_commands() -> None:
    """Check the ranking's mathematics on any data."""


def names(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """A comma-separated list of columns."""
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


@rankings_commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rating", required=True, help="column of the stars")
@click.option("--agency", required=True, help="column of who is rated; random effects")
@click.option("--rater", required=True, help="column of who rates; random effects")
@click.option("--random", "more", callback=names, help="further columns of random effects")
@click.option(
    "--fixed", callback=names, help="columns of kinds with fixed effects, comma-separated"
)
@click.option("--ml", is_flag=True, help="maximise the full likelihood, not the restricted one")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def fit(file: Path, **wishes: object) -> None:
    """Fit rating ~ fixed + (1|agency) + (1|rater) to a CSV by REML and print what comes out."""
    from app.rankings.mixed import telling
    from app.rankings.mixed.terms import CannotFit

    as_json = wishes.pop("as_json")
    try:
        told = telling.fitted(file, telling.Wishes(**wishes))  # type: ignore[arg-type] # click's
    except CannotFit as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else telling.in_words(told))
