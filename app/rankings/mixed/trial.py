"""The method's promises measured on made-up districts: ranks covered, chances true, bias gone."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from app.rankings.mixed.design import read
from app.rankings.mixed.effects import effects
from app.rankings.mixed.posterior import draws, ranks
from app.rankings.mixed.reml import Fit, fit
from app.rankings.mixed.severity import chosen
from app.rankings.mixed.simulation import KINDS, Ratings, World, drawn
from app.rankings.mixed.terms import Codes, Floats

BEST, BINS, DRAWS = 10, 10, 2000
CASES = {
    "balanced": {"severity": 1.0, "harshly": 0.0},
    "severity x2": {"severity": 2.0, "harshly": 0.0},
    "severity x2, harsh raters dealt to half": {"severity": 2.0, "harshly": 0.9},
}


@dataclass(frozen=True)
class Scores:
    """Means over the districts of one case and one method; nan where a method has no intervals."""

    spearman: float  # of scores with the truth
    bias: float  # percentile points by which those who were dealt harsh raters are put too low
    hits: float  # share of the truly best ten among the best ten
    coverage: float  # share of true ranks inside the 90 % interval
    width: float  # of that interval, in ranks
    calibration: float  # expected calibration error of the chance to be among the best ten


def measured(world: World, *, districts: int, seed: int) -> dict[str, dict[str, Scores]]:
    """Scores by case and method, over districts with seeds of their own."""
    found: dict[str, dict[str, Scores]] = {}
    for case, changes in CASES.items():
        severity = world.severity * changes["severity"]
        there = replace(world, severity=severity, harshly=changes["harshly"])
        tables = [drawn(there, seed=seed + number) for number in range(districts)]
        found[case] = {name: _scores(method, tables) for name, method in METHODS.items()}
    return found


def _kinds(ratings: Ratings) -> Floats:
    return (ratings.kind[:, None] == np.arange(1, KINDS)).astype(np.float64)


def _shrunk(ratings: Ratings) -> Fit:
    factors = {"agency": ratings.agency, "rater": ratings.rater}
    return fit(read(ratings.stars, factors, columns=_kinds(ratings)))


def _by_rule(ratings: Ratings) -> Fit:
    factors = {"agency": ratings.agency, "rater": ratings.rater}
    found, _choice = chosen(
        ratings.stars, factors, kind=ratings.kind, columns=_kinds(ratings), seed=1
    )
    return found


METHODS: dict[str, Callable[[Ratings], Fit] | None] = {
    "mean of stars": None,
    "severity shrunk": _shrunk,
    "severity by the rule": _by_rule,
}


def _scores(method: Callable[[Ratings], Fit] | None, tables: list[Ratings]) -> Scores:
    plain, held, width, chances, best = [], [], [], [], []
    for ratings in tables:
        found = method(ratings) if method else None
        estimates = effects(found) if found else _means(ratings)
        plain.append((_spearman(estimates, ratings.truth), _bias(estimates, ratings),
                      _hits(estimates, ratings.truth)))  # fmt: skip
        if found:
            true = _ranks(-ratings.truth)
            doubt = ranks(draws(found, seed=1, count=DRAWS), best=BEST)
            held.append(((doubt.low <= true) & (true <= doubt.high)).mean())
            width.append((doubt.high - doubt.low).mean())
            chances.append(doubt.top)
            best.append(true <= BEST)
    spearman, bias, hits = np.mean(plain, axis=0).tolist()
    if not held:
        return Scores(spearman, bias, hits, *[float("nan")] * 3)
    error = calibration(np.concatenate(chances), np.concatenate(best).astype(np.float64))
    return Scores(spearman, bias, hits, float(np.mean(held)), float(np.mean(width)), error)


def calibration(chances: Floats, happened: Floats) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    where = np.minimum((chances * BINS).astype(np.intp), BINS - 1)
    gaps = np.bincount(where, chances - happened, BINS)
    return float(np.abs(gaps).sum() / len(chances))


def _means(ratings: Ratings) -> Floats:
    counts = np.bincount(ratings.agency).astype(np.float64)
    return np.bincount(ratings.agency, ratings.stars).astype(np.float64) / counts


def _ranks(values: Floats) -> Codes:
    """1 for the smallest; those that are equal stand in the order of the table."""
    found = np.empty(len(values), dtype=np.intp)
    found[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    return found


def _spearman(estimates: Floats, truth: Floats) -> float:
    return float(np.corrcoef(_ranks(estimates), _ranks(truth))[0, 1])


def _bias(estimates: Floats, ratings: Ratings) -> float:
    shift = 100 * (_ranks(estimates) - _ranks(ratings.truth)) / len(estimates)
    unlucky = np.isin(np.arange(len(shift)), ratings.unlucky)
    return float(shift[~unlucky].mean() - shift[unlucky].mean())


def _hits(estimates: Floats, truth: Floats) -> float:
    return float(np.mean(_ranks(-truth)[_ranks(-estimates) <= BEST] <= BEST))


def in_words(found: dict[str, dict[str, Scores]]) -> str:
    """A table for the screen."""
    names = [field.name for field in fields(Scores)]
    lines = []
    for case, methods in found.items():
        lines += ["", case, " " * 24 + "".join(f"{name:>12}" for name in names)]
        lines += [
            f"  {method:22}" + "".join(f"{getattr(scores, name):12.4f}" for name in names)
            for method, scores in methods.items()
        ]
    return "\n".join(lines[1:])
