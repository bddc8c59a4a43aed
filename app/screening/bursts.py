"""Many reviews of one agency in a short time that are unlike its others. Pure.

Only within 180 days: over years rates change by themselves, and the scan raises false alarms.
Time is counted in all reviews of the district, not in days: a busy week is busy for everybody.
"""

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

import numpy as np

from app.screening.ratings import Floats

DAYS = 180
TOGETHER = 8  # reviews in a burst
FEWEST = 12  # reviews of the agency in the window, so that there are others to compare with
THRESHOLD = 1e-3


@dataclass(frozen=True)
class Burst:
    """One agency: its reviews in the window, the shift of the burst in standard deviations."""

    agency: int
    ratings: int
    shift: float
    chance: float


def screen(
    agency: np.ndarray, at: Floats, residuals: Floats, *, threshold: float = THRESHOLD
) -> list[Burst]:
    """The agencies with a burst that is also a shift.

    agency (n,) codes; at (n,) any growing measure of time, all within 180 days; residuals (n,) of
    the expected stars. Both chances are put together by Fisher's χ² with four degrees of freedom.
    """
    when = np.empty(len(at))
    when[np.argsort(at, kind="stable")] = (np.arange(len(at)) + 0.5) / max(1, len(at))
    found = []
    for key in np.unique(agency):
        rows = np.flatnonzero(agency == key)
        if len(rows) >= FEWEST:
            rows = rows[np.argsort(when[rows])]
            one = _burst(int(key), when[rows], residuals[rows])
            if one.chance < threshold:
                found.append(one)
    return found


def _burst(agency: int, when: Floats, residuals: Floats) -> Burst:
    n, k = len(when), TOGETHER
    widths = when[k - 1 :] - when[: n - k + 1]
    first = int(widths.argmin())
    burst = slice(first, first + k)
    crowded = min(1.0, n * _tail(n - 1, float(widths[first]), k - 1))
    inside, outside = residuals[burst], np.delete(residuals, np.arange(first, first + k))
    shift = (inside.mean() - outside.mean()) / sqrt(1 / k + 1 / len(outside))
    moved = 2 * NormalDist().cdf(-abs(float(shift)))
    x = -2 * (log(max(crowded, 1e-300)) + log(max(moved, 1e-300)))
    chance = float(np.exp(-x / 2) * (1 + x / 2))  # χ² with four degrees of freedom, exactly
    return Burst(agency, n, float(shift), chance)


def _tail(n: int, share: float, least: int) -> float:
    """P(Bin(n, share) ≥ least)."""
    from scipy.stats import binom

    return float(binom.sf(least - 1, n, share))
