"""A rater who gives everybody the same: straight-lining over all of a rater's reviews. Pure.

One review with the same stars in every dimension is no sign: on a real questionnaire of 2,449
people 13 % answered the first four items alike. Here it is one rater's stars for many agencies.
"""

from dataclasses import dataclass

import numpy as np

from app.screening.rasch import LEVELS, Expected
from app.screening.ratings import Floats

FEWEST = 8  # ratings of one rater
THRESHOLD = 1e-3


@dataclass(frozen=True)
class Straight:
    """One rater: how many of the ratings bear the commonest number of stars, and how likely."""

    rater: int
    ratings: int
    same: int
    chance: float


def screen(expected: Expected, *, threshold: float = THRESHOLD) -> list[Straight]:
    """The raters whose sameness is too unlikely under what was expected of them.

    Σ_k P(N_k ≥ c) where N_k is how many of the rater's ratings would be k stars (a sum of unequal
    coins, computed exactly) and c the count of the commonest number.
    """
    order = np.argsort(expected.ratings.rater, kind="stable")
    counts = np.bincount(expected.ratings.rater)
    found, start = [], 0
    for rater, count in enumerate(counts):
        rows, start = order[start : start + count], start + count
        if count < FEWEST:
            continue
        same = int(np.bincount(expected.ratings.stars[rows]).max())
        chance = _at_least(expected.chances[rows], same)
        if chance < threshold:
            found.append(Straight(rater, int(count), same, chance))
    return found


def _at_least(chances: Floats, same: int) -> float:
    """Σ_k P(N_k ≥ same) of unequal coins (n, 5); stops early where the sum can't be small."""
    counts = np.zeros((LEVELS, len(chances) + 1))
    counts[:, 0] = 1.0
    for row in chances:
        moved = counts[:, :-1] * row[:, None]
        counts *= 1 - row[:, None]
        counts[:, 1:] += moved
    return float(min(1.0, counts[:, same:].sum()))
