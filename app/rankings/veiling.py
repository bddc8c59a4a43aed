"""Which rounds wait before they count: two rankings compared must tell no single person's stars.

Whoever holds two snapshots can take one mean from the other and has what came between. So what
comes is always made of three reviews or more. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.rankings.model import FEWEST_REVIEWS


@dataclass(frozen=True)
class Round:
    """One opened round: whose, when it was opened, and how many of its reviews hold a star."""

    id: int
    agency: int
    opened_at: datetime
    reviews: int


def counting(rounds: Iterable[Round]) -> set[int]:
    """The rounds that count, by id.

    One of three reviews or more counts at once. Smaller ones of an agency wait, in the order of
    their opening, until three reviews are together, and then count together: what counted once
    counts in every later ranking too. An agency of which nothing counts keeps what waits: it has
    fewer than three reviews, so that it is told of in counts alone.
    """
    found: set[int] = set()
    known: set[int] = set()
    waiting: dict[int, list[Round]] = defaultdict(list)
    for each in sorted(rounds, key=lambda one: (one.opened_at, one.id)):
        together = [*waiting[each.agency], each] if each.reviews < FEWEST_REVIEWS else [each]
        if sum(one.reviews for one in together) >= FEWEST_REVIEWS:
            found |= {one.id for one in together}
            known.add(each.agency)
            together = [] if each.reviews < FEWEST_REVIEWS else waiting[each.agency]
        waiting[each.agency] = together
    return found | {one.id for key, own in waiting.items() if key not in known for one in own}


def coarse(stars: float) -> float:
    """A mean to the nearest half star: the next review of a party can't be taken out of it."""
    return int(2 * stars + 0.5) / 2
