"""What stars would be expected of each rater for each agency: a rating-scale model. Pure.

Andrich's rating scale model (Psychometrika 43, 1978) with agency and rater effects drawn towards
nought by normal priors: P(y = k) ∝ exp(Σ_{j≤k} (θ_agency + β_rater − τ_j)) for k = 1..5. The mode
is found by Newton's steps in turn, the priors' variances by moments of the mode and its doubt.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.screening.ratings import Codes, Floats, Ratings

LEVELS = 5
State = tuple[Floats, Floats, Floats]  # effects of agencies and raters, thresholds
ROUNDS, CLOSE = 60, 1e-5
PRIOR = 0.5  # variance of both priors to begin with, in logits squared
LEAST = 1e-3


@dataclass(frozen=True)
class Expected:
    """The fitted model: chances of one to five stars for every rating (n, 5), and both effects."""

    ratings: Ratings
    chances: Floats
    agency: Floats  # (agencies,) in logits, the better the higher
    rater: Floats  # (raters,) the more lenient the higher

    @cached_property
    def moments(self) -> tuple[Floats, Floats, Floats]:
        """Mean (n,), variance (n,) and fourth central moment (n,) of every rating's stars."""
        k = np.arange(1, LEVELS + 1)
        mean = self.chances @ k
        apart = k - mean[:, None]
        variance = np.einsum("ij,ij->i", self.chances, apart**2)
        return mean, variance, np.einsum("ij,ij->i", self.chances, apart**4)

    @cached_property
    def residuals(self) -> Floats:
        """(stars − mean) / standard deviation of every rating (n,)."""
        mean, variance, _fourth = self.moments
        return (self.ratings.stars - mean) / np.sqrt(variance)


def fit(ratings: Ratings) -> Expected:
    """Fit the model to n ratings; every agency and rater has at least one."""
    theta, beta = np.zeros(ratings.agencies), np.zeros(ratings.raters)
    shares = np.bincount(ratings.stars - 1, minlength=LEVELS) + 0.5
    tau = -np.log(shares[1:] / shares[:-1])
    spread = [PRIOR, PRIOR]
    for _round in range(ROUNDS):
        before = np.concatenate([theta, beta, tau])
        theta, spread[0] = _moved(ratings, ratings.agency, (theta, beta, tau), 0, spread[0])
        beta, spread[1] = _moved(ratings, ratings.rater, (theta, beta, tau), 1, spread[1])
        tau = _thresholds(ratings, theta, beta, tau)
        if np.abs(np.concatenate([theta, beta, tau]) - before).max() < CLOSE:
            break
    return Expected(ratings, _chances(ratings, theta, beta, tau), theta, beta)


def _chances(ratings: Ratings, theta: Floats, beta: Floats, tau: Floats) -> Floats:
    eta = theta[ratings.agency] + beta[ratings.rater]
    steps = np.concatenate([[0.0], np.cumsum(tau)])
    logits = np.outer(eta, np.arange(LEVELS)) - steps
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def _moved(
    ratings: Ratings, codes: Codes, now: State, which: int, spread: float
) -> tuple[Floats, float]:
    """One Newton step of one kind of effect, and the variance of its prior."""
    chances, k = _chances(ratings, *now), np.arange(1, LEVELS + 1)
    mean = chances @ k
    variance = chances @ k**2 - mean**2
    effect = now[which]
    slope = np.bincount(codes, ratings.stars - mean, minlength=len(effect)) - effect / spread
    curve = np.bincount(codes, variance, minlength=len(effect)) + 1 / spread
    effect = effect + np.clip(slope / curve, -1, 1)
    return effect, max(LEAST, float(np.mean(effect**2 + 1 / curve)))


def _thresholds(ratings: Ratings, theta: Floats, beta: Floats, tau: Floats) -> Floats:
    """One Newton step of the four thresholds."""
    chances = _chances(ratings, theta, beta, tau)
    above = chances[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]  # P(y ≥ 2), …, P(y ≥ 5)
    reached = ratings.stars[:, None] >= np.arange(2, LEVELS + 1)
    slope = (above - reached).sum(axis=0)
    both = np.minimum.outer(np.arange(LEVELS - 1), np.arange(LEVELS - 1)) * 0.0
    for i in range(LEVELS - 1):
        for j in range(LEVELS - 1):
            both[i, j] = float((above[:, max(i, j)] - above[:, i] * above[:, j]).sum())
    return tau + np.clip(np.linalg.solve(both + 1e-9 * np.eye(LEVELS - 1), slope), -1, 1)
