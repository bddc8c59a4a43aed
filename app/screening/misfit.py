"""A rater whose stars are further from what is expected than chance allows. Pure."""

from dataclasses import dataclass

import numpy as np

from app.screening.rasch import Expected

FEWEST = 6
THRESHOLD = 4.0


@dataclass(frozen=True)
class Misfit:
    """One rater: ratings and T = (Σz² − n) / √Σ(m₄/v² − 1), about normal where nothing is odd."""

    rater: int
    ratings: int
    statistic: float


def screen(expected: Expected, *, threshold: float = THRESHOLD) -> list[Misfit]:
    """The raters whose T is over the threshold (Wright & Masters, Rating Scale Analysis, 1982)."""
    _mean, variance, fourth = expected.moments
    raters = expected.ratings.rater
    count = np.bincount(raters)
    excess = np.bincount(raters, expected.residuals**2 - 1)
    doubt = np.sqrt(np.bincount(raters, fourth / variance**2 - 1))
    statistic = excess / np.maximum(doubt, 1e-9)
    found = np.flatnonzero((count >= FEWEST) & (statistic > threshold))
    return [Misfit(int(key), int(count[key]), float(statistic[key])) for key in found]
