"""`xingping screens`: how often the screens err and what they find, on any table of ratings."""

import json
from pathlib import Path

import click


@click.group("screens")
def screens_commands() -> None:
    """Check the screens' mathematics on any data."""


@screens_commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rating", required=True, help="column of the stars, whole numbers from 1 to 5")
@click.option("--agency", required=True, help="column of who is rated")
@click.option("--rater", required=True, help="column of who rates")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def measure(file: Path, rating: str, agency: str, rater: str, seed: int, *, as_json: bool) -> None:
    """Plant attacks into a table of ratings and count false alarms and what is found."""
    import numpy as np

    from app.rankings.mixed import table
    from app.rankings.mixed.terms import CannotFit
    from app.screening import trial
    from app.screening.ratings import Ratings

    try:
        factors = {"agency": agency, "rater": rater}
        read = table.read_file(file, rating=rating, factors=factors)
    except CannotFit as error:
        raise click.ClickException(str(error)) from error
    stars = np.rint(read.stars).astype(np.intp)
    if not ((stars >= 1) & (stars <= 5)).all():
        raise click.ClickException(f"{rating} must hold whole stars from 1 to 5")
    ratings = Ratings(read.codes["agency"], read.codes["rater"], stars)
    found = trial.plain(trial.measured(ratings, seed=seed))
    click.echo(json.dumps(found) if as_json else in_words(found))


def in_words(found: dict[str, dict[str, object]]) -> str:
    """The figures as a table."""
    lines = [f"{'screen':<14}{'false alarms':>14}{'of':>8}{'power':>8}{'attacks':>9}{'places':>9}"]
    for name, one in found.items():
        places = "" if one["places"] is None else one["places"]
        lines.append(
            f"{name:<14}{one['false_alarms']:>14}{one['of']:>8}{one['power']:>8}"
            f"{one['attacks']:>9}{places:>9}"
        )
    return "\n".join(lines)
