"""Whether a rater's severity is shrunk or taken as it is, and how much an old rating counts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.rankings.mixed.design import Design, read
from app.rankings.mixed.reml import Fit, fit
from app.rankings.mixed.terms import Codes, Floats

HALF_LIFE = 24.0  # months after which a rating counts half
AMPLE = 8.0  # ratings a rater from which severity is taken as it is
FEWEST = 3  # a rater with fewer ratings shares a severity with others of the same kind
LEVEL, WORLDS = 0.05, 400


def recency(months: Floats) -> Floats:
    """The precision weight 2^(-age / 24) of ratings this many months old (n,)."""
    return np.exp2(-np.asarray(months, dtype=np.float64) / HALF_LIFE)


def pooled(rater: Codes, kind: Codes, *, fewest: int = FEWEST) -> Codes:
    """Raters' codes (n,) with the sparse ones pooled: one level for each kind's sparse raters.

    kind: the rater's kind (n,). A rater with one rating, severity unshrunk, would tell nothing.
    """
    sparse = np.bincount(rater)[rater] < fewest
    return np.unique(np.where(sparse, -1 - kind, rater), return_inverse=True)[1].astype(np.intp)


@dataclass(frozen=True)
class Choice:
    """Which severity was taken, and why: the ratings a rater, and the test's chance if it ran."""

    unshrunk: bool
    reason: str  # "ample", "dealt unevenly" or "evenly dealt"
    each: float
    chance: float | None = None


def chosen(
    stars: Floats,
    factors: Mapping[str, Codes],
    *,
    kind: Codes,
    columns: Floats | None = None,
    weights: Floats | None = None,
    seed: int,
) -> tuple[Fit, Choice]:
    """Fit with the severity that the rule asks for.

    factors: the ranked factor first, "rater" among them; the rest as for `design.read`. From 8
    ratings a rater on severity is taken as it is, sparse raters pooled by kind: it costs little
    and leaves no bias against those who were dealt harsh raters. With fewer it is shrunk, unless
    `dealt_unevenly` rejects; then it is taken as it is for everybody, for a pooled level would
    bring the bias back (measured with 3 ratings a rater: 22 percentile points against 0.2).
    """
    each = len(stars) / (int(factors["rater"].max()) + 1)
    if each >= AMPLE:
        table = {**factors, "rater": pooled(factors["rater"], kind)}
        choice = Choice(unshrunk=True, reason="ample", each=each)
        return _taken(stars, table, columns, weights), choice
    shrunk = fit(read(stars, factors, columns=columns, weights=weights))
    chance = dealt_unevenly(shrunk, seed=seed)
    if chance >= LEVEL:
        return shrunk, Choice(unshrunk=False, reason="evenly dealt", each=each, chance=chance)
    choice = Choice(unshrunk=True, reason="dealt unevenly", each=each, chance=chance)
    return _taken(stars, factors, columns, weights), choice


def _taken(
    stars: Floats, factors: Mapping[str, Codes], columns: Floats | None, weights: Floats | None
) -> Fit:
    return fit(read(stars, factors, columns=columns, weights=weights, unshrunk="rater"))


def dealt_unevenly(shrunk: Fit, *, seed: int, worlds: int = WORLDS) -> float:
    """The chance of severities as clustered by agency as these, were raters dealt at random.

    The statistic is the weighted square mean, over agencies, of their raters' mean predicted
    severity; its law under the fitted model is drawn, `worlds` tables at a time through the same
    equations (a parametric bootstrap; Davison & Hinkley 1997, chapter 4). The p-value, in (0, 1].
    """
    design = shrunk.design
    seen = _clustering(design, shrunk.solution[:, None])[0]
    others = _clustering(design, shrunk.solver.solve(_null(shrunk, seed, worlds)))
    return float((1 + (others >= seen).sum()) / (worlds + 1))


def _null(shrunk: Fit, seed: int, worlds: int) -> Floats:
    """T'Wy (N, worlds) of tables drawn from the fitted model."""
    design, random = shrunk.design, np.random.default_rng(seed)
    right = np.empty((len(design.right), worlds))
    truth = np.zeros((len(design.right), worlds))
    for name, ratio in shrunk.ratios.items():
        place = design.places[name]
        truth[place] = random.standard_normal((design.size(name), worlds)) / np.sqrt(ratio)
    for world in range(worlds):
        noise = np.sqrt(design.weights) * random.standard_normal(design.rows)
        right[:, world] = design.gathered(noise)
    return right + design.times(truth)


def _clustering(design: Design, solutions: Floats) -> Floats:
    """The statistic of each solution (N, c), relative to its severities' own size."""
    agency, rater = design.places[design.names[0]], design.places["rater"]
    severity = np.zeros_like(solutions)
    severity[rater] = solutions[rater] - solutions[rater].mean(axis=0)
    mass = design.mass[agency][:, None]
    means = design.times(severity)[agency] / mass
    return (mass * means**2).sum(axis=0) / (severity**2).sum(axis=0)
