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


@rankings_commands.command()
@click.option("--districts", default=60, show_default=True, type=click.IntRange(1))
@click.option("--agencies", default=200, show_default=True, type=click.IntRange(20))
@click.option("--raters", default=150, show_default=True, type=click.IntRange(12))
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def simulate(districts: int, agencies: int, raters: int, seed: int, *, as_json: bool) -> None:
    """Make up districts with a known truth and measure how well the method finds it."""
    from dataclasses import asdict

    from app.rankings.mixed import trial
    from app.rankings.mixed.simulation import World

    world = World(agencies=agencies, engagements=6 * agencies, raters=raters)
    found = trial.measured(world, districts=districts, seed=seed)
    if as_json:
        plain = {case: {name: asdict(scores) for name, scores in methods.items()}
                 for case, methods in found.items()}  # fmt: skip
        click.echo(json.dumps(plain).replace("NaN", "null"))
    else:
        click.echo(trial.in_words(found))
