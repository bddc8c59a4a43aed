"""Ranks and their doubt, from draws of all agencies' effects together."""

from dataclasses import dataclass
from functools import partial
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas

from app.rankings.mixed.effects import doubts
from app.rankings.mixed.reml import Fit
from app.rankings.mixed.solvers import Exact
from app.rankings.mixed.terms import CannotFit, Floats

DRAWS = 4000
Drawn = NDArray[Any]  # float32 or float64
Precision = type[np.float32] | type[np.float64]


@dataclass(frozen=True)
class Ranks:
    """Per agency (q,): 1 is the best. `top` is the chance of being among the best k."""

    low: Floats
    middle: Floats
    high: Floats
    top: Floats


def draws(fit: Fit, *, seed: int, count: int = DRAWS, precision: Precision = np.float32) -> Drawn:
    """Draws (count, q) of the ranked factor's effects, stars, from their joint distribution.

    Normal around the predictions, with the doubt of raters and fixed effects, at the estimated
    variances; by the Cholesky factor, in single precision (a millionth of a star). What is
    published is drawn in double precision: another machine's last bits change no order. With the
    iterative solver each agency is drawn by itself, which changed coverage by less than .002
    where both could be compared.
    """
    chance = np.random.default_rng(seed)
    place, first = fit.design.places[fit.design.names[0]], len(fit.design.own)
    scale, solver = sqrt(fit.residual), fit.solver
    centre = fit.solution[place].astype(precision)
    normal = partial(_normal, chance, precision)
    if not isinstance(solver, Exact):
        noise = normal(count, len(centre))
        noise *= doubts(fit).astype(precision)
    elif place.start:  # it is the last of the rest
        factor = solver.factor[place.start - first :, place.start - first :]
        noise = _noise(factor, normal(count, len(factor)))
        noise *= precision(scale)
    else:
        rest = _noise(solver.factor, normal(count, len(solver.factor)))
        noise = normal(count, len(centre))
        noise *= (1 / np.sqrt(solver.diagonal)).astype(precision)
        noise -= ((fit.design.cross @ rest.T).T / solver.diagonal).astype(precision)
        noise *= precision(scale)
    noise += centre
    return noise


def _normal(chance: np.random.Generator, precision: Precision, count: int, width: int) -> Drawn:
    return chance.standard_normal((count, width), dtype=precision)


def _noise(factor: Floats, normal: Drawn) -> Drawn:
    """Normal numbers (count, m) made draws of N(0, (L·L')⁻¹), L the lower factor (m, m)."""
    solve = blas.strsm if normal.dtype == np.float32 else blas.dtrsm
    placed = np.asfortranarray(factor, dtype=normal.dtype)
    return solve(1.0, placed, normal.T, lower=1, trans_a=1, overwrite_b=1).T


def ranks(drawn: Drawn, *, level: float = 0.9, best: int = 10) -> Ranks:
    """Rank intervals from draws (count, q): the inverted-cdf quantiles that hold `level`.

    Raises CannotFit unless 0 < level < 1 and there are draws.
    """
    if not (0 < level < 1 and len(drawn)):
        raise CannotFit("a level is between 0 and 1, and ranks need draws")
    count, width = drawn.shape
    small = np.int16 if width < 2**15 else np.int32  # half the bytes are half the time
    found = np.empty((count, width), dtype=small)
    rising = np.argsort(drawn, axis=1)
    np.put_along_axis(found, rising, np.arange(width, 0, -1, dtype=small)[None, :], axis=1)
    found = np.ascontiguousarray(found.T)
    places = [_place(share, count) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)]
    top = (found <= best).mean(axis=1)
    found.partition(places, axis=1)
    low, middle, high = (found[:, place].astype(np.float64) for place in places)
    return Ranks(low=low, middle=middle, high=high, top=top)


def _place(share: float, count: int) -> int:
    """Where the smallest value with at least this share of the draws at or below it stands."""
    return max(0, ceil(share * count - 1e-9) - 1)
