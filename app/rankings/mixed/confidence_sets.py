"""Is A proven better than B: confidence sets for ranks, right in the worst case.

After Mogstad, Romano, Shaikh & Wilhelm, "Inference for Ranks", Review of Economic Studies 91
(2024): an agency's rank is one more than the number that are truly better. Every difference that
a multiple test proves, with its chance of any error at most 1 - coverage, moves a bound: the
lower one up for each that is proven better, the upper one down for each proven worse.
"""

import numpy as np
from numpy.typing import NDArray

from app.rankings.mixed.effects import effects
from app.rankings.mixed.reml import Fit, at
from app.rankings.mixed.solvers import Exact
from app.rankings.mixed.terms import CannotFit, Codes, Floats

DRAWS = 20000
LOOSE = 1e5  # the variance of an agency of which nothing is known, in residual variances
BLOCK = 2**22  # statistics at a time


def evidence(fit: Fit) -> tuple[Floats, Floats]:
    """Agencies' effects with no prior view of them: estimates (q,) and covariance (q, q), stars.

    At the fit's variances of raters, engagements and residual, the ranked factor's is let go, so
    that only differences mean anything. With severity unshrunk, those between agencies that no
    chain of raters joins have hardly a bound and are never proven. Raises CannotFit where the
    table is too wide for a factor.
    """
    design, name = fit.design, fit.design.names[0]
    loose = {other: fit.residual / ratio for other, ratio in fit.ratios.items()}
    freed = at(design, {**loose, name: LOOSE * fit.residual, "residual": fit.residual}, fit.kind)
    if not isinstance(freed.solver, Exact):
        raise CannotFit("the table is too wide for rank sets")
    return effects(freed), fit.residual * freed.solver.covariances(name)


def marginal(
    estimates: Floats, covariance: Floats, *, coverage: float = 0.95, seed: int, draws: int = DRAWS
) -> tuple[Codes, Codes]:
    """Lowest and highest rank (q,), each agency's own set holding with the coverage.

    estimates (q,), normal; covariance (q, q), or standard errors (q,) of independent estimates.
    Higher is better, 1 the best. Two-sided, stepdown (Romano & Wolf, Econometrica 73, 2005).
    """
    errors, noise = _read(estimates, covariance, coverage, seed, draws)
    low, high = np.empty((2, len(estimates)), dtype=np.intp)
    for place in range(len(estimates)):
        others = np.flatnonzero(np.arange(len(estimates)) != place)
        pairs = (np.full(len(others), place), others)
        proven = _stepdown(estimates, errors, noise, pairs, coverage)
        ahead = estimates[others] > estimates[place]
        low[place] = 1 + (proven & ahead).sum()
        high[place] = len(estimates) - (proven & ~ahead).sum()
    return low, high


def simultaneous(
    estimates: Floats, covariance: Floats, *, coverage: float = 0.95, seed: int, draws: int = DRAWS
) -> tuple[Codes, Codes]:
    """As `marginal`, all agencies' sets holding together with the coverage."""
    errors, noise = _read(estimates, covariance, coverage, seed, draws)
    pairs = np.triu_indices(len(estimates), 1)
    first, second = pairs
    proven = _stepdown(estimates, errors, noise, pairs, coverage)
    better = proven & (estimates[first] > estimates[second])
    worse = proven & ~better
    size = len(estimates)
    beaten = np.bincount(second[better], minlength=size) + np.bincount(first[worse], minlength=size)
    beats = np.bincount(first[better], minlength=size) + np.bincount(second[worse], minlength=size)
    return 1 + beaten, size - beats


def _read(
    estimates: Floats, covariance: Floats, coverage: float, seed: int, draws: int
) -> tuple[Floats, Floats]:
    """Standard errors of all differences (q, q), and draws (draws, q) of the estimates' noise."""
    size = len(estimates)
    if size < 2 or not 0 < coverage < 1:
        raise CannotFit("rank sets need two agencies and a coverage between 0 and 1")
    chance = np.random.default_rng(seed).standard_normal((draws, size))
    if covariance.ndim == 1:
        covariance = np.diag(covariance**2)
    values, vectors = np.linalg.eigh(covariance)
    noise = chance @ (vectors * np.sqrt(np.maximum(values, 0))).T
    spread = np.diagonal(covariance)
    errors = np.sqrt(np.maximum(spread[:, None] + spread - 2 * covariance, 0))
    if (errors[~np.eye(size, dtype=bool)] <= 0).any():
        raise CannotFit("a difference without doubt has no confidence set")
    return errors, noise


def _stepdown(
    estimates: Floats,
    errors: Floats,
    noise: Floats,
    pairs: tuple[Codes, Codes],
    coverage: float,
) -> NDArray[np.bool_]:
    """Which differences are proven, in steps: each step's bound is for those not yet proven."""
    first, second = pairs
    sizes = np.abs(estimates[first] - estimates[second]) / errors[first, second]
    open_ = np.ones(len(sizes), dtype=bool)
    while open_.any():
        bound = _bound(errors, noise, (first[open_], second[open_]), coverage)
        proven = open_ & (sizes > bound)
        if not proven.any():
            break
        open_ &= ~proven
    return ~open_


def _bound(errors: Floats, noise: Floats, pairs: tuple[Codes, Codes], coverage: float) -> float:
    """The quantile of the largest absolute standardised difference over the pairs."""
    first, second = pairs
    step = max(1, BLOCK // len(first))
    largest = [
        np.abs((part[:, first] - part[:, second]) / errors[first, second]).max(axis=1)
        for part in np.array_split(noise, -(-len(noise) // step))
    ]
    return float(np.quantile(np.concatenate(largest), coverage, method="inverted_cdf"))
