"""Ranks and their doubt, from draws of all agencies' effects together."""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from scipy.linalg import blas

from app.rankings.mixed.effects import doubts
from app.rankings.mixed.reml import Fit
from app.rankings.mixed.solvers import Exact
from app.rankings.mixed.terms import CannotFit, Floats

DRAWS = 4000


@dataclass(frozen=True)
class Ranks:
    """Per agency (q,): 1 is the best. `top` is the chance of being among the best k."""

    low: Floats
    middle: Floats
    high: Floats
    top: Floats


def draws(fit: Fit, *, seed: int, count: int = DRAWS) -> Floats:
    """Draws (count, q) of the ranked factor's effects, stars, from their joint distribution.

    Normal around the predictions, with the doubt of raters and fixed effects, at the estimated
    variances; exact by the Cholesky factor. With the iterative solver each agency is drawn by
    itself, which changed coverage by less than .002 where both could be compared.
    """
    chance = np.random.default_rng(seed)
    place, first = fit.design.places[fit.design.names[0]], len(fit.design.own)
    width, scale = place.stop - place.start, sqrt(fit.residual)
    solver, centre = fit.solver, fit.solution[place]
    if not isinstance(solver, Exact):
        return centre + doubts(fit) * chance.standard_normal((count, width))
    if place.start:  # it is the last of the rest
        corner = np.asfortranarray(solver.factor[place.start - first :, place.start - first :])
        return centre + blas.dtrsm(scale, corner, _normal(chance, count, width), lower=1, side=1)
    rest = blas.dtrsm(
        1.0, solver.factor, _normal(chance, count, len(solver.factor)), lower=1, side=1
    )
    own = chance.standard_normal((count, width)) / np.sqrt(solver.diagonal)
    return centre + scale * (own - (fit.design.cross @ rest.T).T / solver.diagonal)


def _normal(chance: np.random.Generator, count: int, width: int) -> Floats:
    return np.asfortranarray(chance.standard_normal((count, width)))


def ranks(drawn: Floats, *, level: float = 0.9, best: int = 10) -> Ranks:
    """Rank intervals from draws (count, q): the inverted-cdf quantiles that hold `level`.

    Raises CannotFit unless 0 < level < 1 and there are draws.
    """
    if not (0 < level < 1 and len(drawn)):
        raise CannotFit("a level is between 0 and 1, and ranks need draws")
    count, width = drawn.shape
    order = np.argsort(-drawn, axis=1)
    found = np.empty((count, width), dtype=np.int32)
    np.put_along_axis(found, order, np.arange(1, width + 1, dtype=np.int32)[None, :], axis=1)
    found = np.ascontiguousarray(found.T)
    places = [_place(share, count) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)]
    top = (found <= best).mean(axis=1)
    found.partition(places, axis=1)
    low, middle, high = (found[:, place].astype(np.float64) for place in places)
    return Ranks(low=low, middle=middle, high=high, top=top)


def _place(share: float, count: int) -> int:
    """Where the smallest value with at least this share of the draws at or below it stands."""
    return max(0, ceil(share * count - 1e-9) - 1)
