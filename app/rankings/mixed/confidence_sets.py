"""Is A proven better than B: confidence sets for ranks, right in the worst case.

After Mogstad, Romano, Shaikh & Wilhelm, "Inference for Ranks", Review of Economic Studies 91
(2024): an agency's rank is one more than the number that are truly better. Every difference that
a multiple test proves, with its chance of any error at most 1 - coverage, moves a bound: the
lower one up for each that is proven better, the upper one down for each proven worse.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from app.rankings.mixed.effects import effects
from app.rankings.mixed.reml import Fit, at
from app.rankings.mixed.solvers import Exact
from app.rankings.mixed.terms import CannotFit, Codes, Floats

DRAWS = 20000
LOOSE = 1e5  # the variance of an agency of which nothing is known, in residual variances
BLOCK = 2**22  # statistics at a time
CAREFUL = 60  # agencies up to which all differences are drawn together


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
    square = _square(estimates, covariance, coverage)
    errors, noise = _errors(square), _noise(square, seed, draws)
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
    better = proven(estimates, covariance, coverage=coverage, seed=seed, draws=draws)
    return 1 + better.sum(axis=0), len(estimates) - better.sum(axis=1)


def proven(
    estimates: Floats, covariance: Floats, *, coverage: float = 0.95, seed: int, draws: int = DRAWS
) -> NDArray[np.bool_]:
    """Which are proven better than which (q, q), row than column, all of it with the coverage.

    Above CAREFUL agencies by Holm's steps (Scandinavian Journal of Statistics 6, 1979), which
    need no draws: right in the worst case too, and somewhat more careful.
    """
    size = len(estimates)
    errors = _errors(_square(estimates, covariance, coverage))
    pairs = np.triu_indices(size, 1)
    if size > CAREFUL:
        sure = _holm(estimates, errors, pairs, coverage)
    else:
        noise = _noise(_square(estimates, covariance, coverage), seed, draws)
        sure = _stepdown(estimates, errors, noise, pairs, coverage)
    first, second = pairs
    ahead = estimates[first] > estimates[second]
    found = np.zeros((size, size), dtype=bool)
    found[first, second], found[second, first] = sure & ahead, sure & ~ahead
    return found


def _holm(
    estimates: Floats, errors: Floats, pairs: tuple[Codes, Codes], coverage: float
) -> NDArray[np.bool_]:
    first, second = pairs
    chances = 2 * ndtr(-np.abs(estimates[first] - estimates[second]) / errors[first, second])
    order = np.argsort(chances, kind="stable")
    held = chances[order] * np.arange(len(order), 0, -1) <= 1 - coverage
    found = np.zeros(len(order), dtype=bool)
    found[order] = np.logical_and.accumulate(held)
    return found


def _square(estimates: Floats, covariance: Floats, coverage: float) -> Floats:
    """The covariance (q, q) less what all estimates share: only differences are asked about."""
    if len(estimates) < 2 or not 0 < coverage < 1:
        raise CannotFit("rank sets need two agencies and a coverage between 0 and 1")
    if covariance.ndim == 1:
        covariance = np.diag(covariance**2)
    less = covariance - covariance.mean(axis=0)
    return less - less.mean(axis=1)[:, None]


def _errors(square: Floats) -> Floats:
    """Standard errors of all differences (q, q)."""
    spread = np.diagonal(square)
    errors = np.sqrt(np.maximum(spread[:, None] + spread - 2 * square, 0))
    if (errors[~np.eye(len(square), dtype=bool)] <= 0).any():
        raise CannotFit("a difference without doubt has no confidence set")
    return errors


def _noise(square: Floats, seed: int, draws: int) -> Floats:
    """Draws (draws, q) of the estimates' noise, by the one symmetric root of their covariance."""
    values, vectors = np.linalg.eigh(square)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    chance = np.random.default_rng(seed).standard_normal((draws, len(square)))
    return np.asarray(chance @ root)


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
