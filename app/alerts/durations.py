"""How long a stage takes in this district: empirical quantiles of its own past durations.

Durations are whole working days from the start of a stage to its approval. There is no model: an
engagement that has been at a stage for `elapsed` days is compared with the past stages of the same
kind that lasted at least as long. The q-quantile is the smallest past duration that at least a
share q of them did not exceed (the inverse of the empirical distribution function: type 1 in
Hyndman and Fan, The American Statistician 50, 1996, 361-365). With n cases, a share is known to
about 1/n and no better, so `cases` is always told.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True)
class Outlook:
    """What the past says: eight stages in ten took between `low` and `high` working days."""

    cases: int
    low: int
    middle: int
    high: int
    chance: float  # the share of those cases that took longer than the days allotted


def quantile(ordered: Sequence[int], share: float) -> int:
    """The smallest of the ordered values that at least this share does not exceed.

    `ordered` rises and is not empty, `share` lies in 0 < share <= 1: ValueError otherwise.
    """
    if not ordered or not 0 < share <= 1:
        raise ValueError("a quantile needs values and a share above 0 and up to 1")
    return ordered[max(0, ceil(share * len(ordered) - 1e-9) - 1)]


def outlook(ordered: Sequence[int], elapsed: int, allotted: int) -> Outlook | None:
    """What the past stages that lasted at least `elapsed` days say of one that is not done yet.

    `ordered` are past durations, rising; `allotted` the days until the due day, counted from the
    start. None where no past stage lasted so long: then the past says nothing.
    """
    lasting = ordered[bisect_left(ordered, elapsed) :]
    if not lasting:
        return None
    late = len(lasting) - bisect_right(lasting, allotted)
    low, middle, high = (quantile(lasting, share) for share in (LOW, MIDDLE, HIGH))
    return Outlook(len(lasting), low, middle, high, late / len(lasting))


def first_doubt(ordered: Sequence[int], allotted: int, share: float, cases: int) -> int | None:
    """The first day, counted from the start, on which so large a share of the past was late.

    Only days on which at least `cases` past stages still count; None where there is no such day
    before the stage is overdue.
    """
    for elapsed in range(allotted + 1):
        told = outlook(ordered, elapsed, allotted)
        if told is None or told.cases < cases:
            return None
        if told.chance >= share - 1e-9:
            return elapsed
    return None
