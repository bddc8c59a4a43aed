"""A file's fit as `xingping rankings fit` tells it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.rankings.mixed.design import read
from app.rankings.mixed.effects import coefficients, deviations, effects, ledger
from app.rankings.mixed.reml import Criterion, Fit
from app.rankings.mixed.reml import fit as fit_model
from app.rankings.mixed.table import Table, read_file
from app.rankings.mixed.terms import CannotFit

SHOWN = 20


@dataclass(frozen=True)
class Wishes:
    """Which column is what; agency, rater and `more` are random effects."""

    rating: str
    agency: str
    rater: str
    more: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    ml: bool = False


def fitted(path: Path, wishes: Wishes) -> dict[str, Any]:
    """The fit of a file: criterion (-2 log likelihood), intercept, variances in stars², agencies.

    Each agency has its id, effect and its sd in stars (given variances and fixed effects), and n
    ratings. Raises CannotFit for what is wrong with the file, and where the ratings don't tell
    the agencies apart.
    """
    factors = {
        "agency": wishes.agency,
        "rater": wishes.rater,
        **{name: name for name in wishes.more},
    }
    if len(factors) < 2 + len(wishes.more):
        raise CannotFit("a further column of random effects may not be called agency or rater")
    table = read_file(path, rating=wishes.rating, factors=factors, fixed=wishes.fixed)
    kind = Criterion.ML if wishes.ml else Criterion.REML
    found = fit_model(read(table.stars, table.codes, columns=table.columns), kind=kind)
    if not found.variances["agency"]:
        raise CannotFit("zero variance: these ratings don't tell the agencies apart")
    return told(table, found)


def told(table: Table, found: Fit) -> dict[str, Any]:
    """A fit in plain numbers."""
    fixed = coefficients(found).tolist()
    rows = zip(
        table.levels["agency"],
        effects(found).tolist(),
        deviations(found).tolist(),
        ledger(found).counts.tolist(),
        strict=True,
    )
    return {
        "kind": found.kind.value,
        "criterion": found.criterion,
        "ratings": len(table.stars),
        "intercept": fixed[0],
        "fixed": dict(zip(table.named, fixed[1:], strict=True)),
        "variances": found.variances,
        "agencies": [
            {"id": name, "effect": effect, "sd": sd, "n": int(n)} for name, effect, sd, n in rows
        ],
    }


def in_words(told: dict[str, Any]) -> str:
    """The same as a table for the screen: the best and the last agencies."""
    criterion = "unknown (too large to be exact)" if told["criterion"] is None else None
    lines = [
        f"{told['kind']} criterion  {criterion or format(told['criterion'], '.5f')}",
        f"ratings         {told['ratings']}",
        f"intercept       {told['intercept']:.8f}",
        *(f"{name:15} {value:+.8f}" for name, value in told["fixed"].items()),
        "",
        "variance",
        *(f"  {name:13} {value:.8f}" for name, value in told["variances"].items()),
        "",
        f"{'agency':20} {'effect':>10} {'sd':>8} {'n':>6}",
    ]
    ranked = sorted(told["agencies"], key=lambda row: -row["effect"])
    shown = ranked if len(ranked) <= 2 * SHOWN else [*ranked[:SHOWN], None, *ranked[-SHOWN:]]
    return "\n".join([*lines, *(_line(row) for row in shown)])


def _line(row: dict[str, Any] | None) -> str:
    if row is None:
        return "…"
    return f"{row['id']:20} {row['effect']:+10.6f} {row['sd']:8.5f} {row['n']:6}"
