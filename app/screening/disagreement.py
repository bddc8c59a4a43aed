"""One kind of buyer that is always further from the others than chance allows. Pure.

Favouritism that gives only five stars can't be seen in the stars of one rater; the other kinds of
buyers saw the same work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

FEWEST = 6  # engagements with both kinds of buyers
THRESHOLD = 1e-3
LEAST = 0.25  # stars: scores are whole, so identical differences are no proof of no doubt


@dataclass(frozen=True)
class Disagreement:
    """One agency: engagements, mean difference of the unit from the others in stars, chance."""

    agency: int
    engagements: int
    difference: float
    chance: float


def screen(
    differences: Mapping[int, Sequence[float]], *, threshold: float = THRESHOLD
) -> list[Disagreement]:
    """The agencies with t = d̄ / (s / √m) too far from nought on both sides (Student's t).

    differences: by agency, for each engagement the unit's mean star less that of the others; the
    mean of all agencies is taken off first, since units are kinder to everybody.
    """
    from scipy.stats import t as student

    every = [each for own in differences.values() for each in own]
    usual = fmean(every) if every else 0.0
    found = []
    for agency, own in sorted(differences.items()):
        if len(own) < FEWEST:
            continue
        mean = fmean(own) - usual
        t = mean / (max(LEAST, stdev(own)) / sqrt(len(own)))
        chance = float(2 * student.sf(abs(t), len(own) - 1))
        if chance < threshold:
            found.append(Disagreement(agency, len(own), mean, chance))
    return found
