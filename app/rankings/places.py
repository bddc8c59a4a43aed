"""Places with their doubt: ranks drawn from the scores' distributions, bands, what is unproven.

The draws come from the Mersenne Twister's random(), which Python keeps the same for good, through
the inverse of the normal distribution (Wichura's AS 241), rounded to nine decimals: the same
seed gives the same places on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist

from app.rankings.model import COVERAGE, Estimate, Spread

DRAWS = 4000
TOP = 5
_normal = NormalDist().inv_cdf


@dataclass(frozen=True)
class Place:
    """One agency's place: rank by score, its 90 % interval, the chance of the first five, band."""

    agency: int
    rank: int
    low: int
    high: int
    top: float
    band: str


def band_of(estimate: Estimate, spread: Spread) -> str:
    """A: the whole interval lies above the overall mean; C: below it; B: neither is proven."""
    if estimate.low > spread.overall:
        return "A"
    return "C" if estimate.high < spread.overall else "B"


def places_of(ranked: Sequence[Estimate], spread: Spread, seed: int) -> list[Place]:
    """Rank agencies by score (ties by id) and say how sure each place is.

    Each of 4,000 draws gives every agency a score from its own error and a common one of the
    overall mean, and ranks them; a rank interval is the 5 % to 95 % quantile of the ranks.
    """
    ordered = sorted(ranked, key=lambda each: (-each.score, each.agency))
    counts = _rank_counts(ordered, spread, seed)
    found = []
    for position, (each, count) in enumerate(zip(ordered, counts, strict=True), 1):
        low, high = _quantile(count, (1 - COVERAGE) / 2), _quantile(count, (1 + COVERAGE) / 2)
        top = sum(count[:TOP]) / DRAWS
        band = band_of(each, spread)
        found.append(
            Place(each.agency, position, min(low, position), max(high, position), top, band)
        )
    return found


def _rank_counts(ordered: Sequence[Estimate], spread: Spread, seed: int) -> list[list[int]]:
    """How often each agency, in the order given, came to each rank."""
    draw = Random(seed).random  # noqa: S311 - repeatable on purpose, nothing secret
    common = sqrt(spread.overall_variance)
    known = [
        (
            each.score,
            sqrt(spread.within / (each.engagements + spread.shrinkage)),
            1 - each.reliability,
        )
        for each in ordered
    ]
    counts = [[0] * len(ordered) for _ in ordered]
    indices = range(len(ordered))
    for _ in range(DRAWS):
        shift = common * _standard(draw())
        drawn = [
            round(score + error * _standard(draw()) + leaning * shift, 9)
            for score, error, leaning in known
        ]
        for rank, index in enumerate(sorted(indices, key=drawn.__getitem__, reverse=True)):
            counts[index][rank] += 1
    return counts


def _standard(uniform: float) -> float:
    """A standard normal number; random() may give 0, the inverse takes none."""
    return _normal(uniform or 2**-54)


def _quantile(counts: Sequence[int], share: float) -> int:
    """The smallest rank at which so large a share of the draws is reached (inverse of the cdf)."""
    seen = 0
    for rank, count in enumerate(counts, 1):
        seen += count
        if seen >= share * DRAWS - 1e-9:
            return rank
    return len(counts)


def unproven(places: Sequence[Place]) -> tuple[int, int, int] | None:
    """Say which places can't be told from the best: (g, from, to), or None where all can.

    The best g are those of band A, or the first three where there is none; places g+1 to the
    last whose interval still reaches into the best g are not proven to be behind them.
    """
    best = sum(place.band == "A" for place in places) or min(3, len(places))
    reaching = [place.rank for place in places if place.rank > best and place.low <= best]
    return (best, best + 1, max(reaching)) if reaching else None
