"""Raters who praise one agency and push down its strongest competitors: a ring. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.screening.rasch import LEVELS, Expected
from app.screening.ratings import Floats, Ratings

FEWEST = 5  # raters who give the agency five stars
THRESHOLD = -3.5
SPITEFUL = -1.5  # a praiser below this is set aside with the ring


@dataclass(frozen=True)
class Ring:
    """One agency: how many praise it, how harsh they are with the best others, and which raters."""

    agency: int
    praisers: int
    statistic: float
    raters: tuple[int, ...]


def screen(expected: Expected, *, threshold: float = THRESHOLD) -> list[Ring]:
    """The agencies whose praisers are too harsh with the best quarter of the others.

    W = Σ q_r / √m over the m raters who gave the agency five stars and rated somebody of the best
    quarter; q_r = Σ z / √count of their ratings there, the agency itself left out.
    """
    total, count = _of_best(expected)
    ratings = expected.ratings
    own = _is_best(expected)[ratings.agency]
    praised = np.flatnonzero(ratings.stars == LEVELS)
    agency, rater = ratings.agency[praised], ratings.rater[praised]
    less = own[praised]
    there = count[rater] - less
    harsh = (total[rater] - less * expected.residuals[praised]) / np.sqrt(np.maximum(there, 1))
    counted = there > 0
    praisers = np.bincount(agency[counted], minlength=ratings.agencies)
    summed = np.bincount(agency[counted], harsh[counted], minlength=ratings.agencies)
    statistic = summed / np.sqrt(np.maximum(praisers, 1))
    found = np.flatnonzero((praisers >= FEWEST) & (statistic < threshold))
    return [
        Ring(
            int(key),
            int(praisers[key]),
            float(statistic[key]),
            tuple(int(r) for r in rater[counted & (agency == key) & (harsh < SPITEFUL)]),
        )
        for key in found
    ]


def screened(expected: Expected) -> int:
    """How many agencies have praisers enough to be looked at."""
    ratings = expected.ratings
    praised = ratings.agency[ratings.stars == LEVELS]
    return int((np.bincount(praised, minlength=ratings.agencies) >= FEWEST).sum())


def without(ratings: Ratings, rings: list[Ring]) -> Ratings:
    """The ratings of those who aren't in a ring: what a ranking would be without them."""
    aside = {rater for ring in rings for rater in ring.raters}
    return ratings.but(~np.isin(ratings.rater, sorted(aside)))


def _is_best(expected: Expected) -> NDArray[np.bool_]:
    return expected.agency >= np.quantile(expected.agency, 0.75)


def _of_best(expected: Expected) -> tuple[Floats, Floats]:
    """Σz and count of every rater's ratings of the best quarter."""
    ratings = expected.ratings
    best = _is_best(expected)[ratings.agency]
    total = np.bincount(ratings.rater, best * expected.residuals, minlength=ratings.raters)
    count = np.bincount(ratings.rater, best, minlength=ratings.raters)
    return total.astype(np.float64), count.astype(np.float64)
