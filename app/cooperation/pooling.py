"""Which ratings of a unit may be shown: only whole groups, so that nobody's can be told. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

FEWEST = 5  # ratings in a group
FEWEST_AGENCIES = 3  # agencies in a group: else the unit knows whose it is


@dataclass(frozen=True)
class Given:
    """One agency's stars for a unit, by aspect; None says 不适用."""

    agency: int
    stars: dict[str, int | None]


@dataclass(frozen=True)
class Pooled:
    """What is shown of a unit: how many ratings, and means to one decimal (None: too few)."""

    ratings: int
    means: dict[str, float | None]


def shown_of(given: Iterable[Given]) -> list[Given]:
    """The ratings that are told together, in the order in which they came.

    They are told in groups of at least five by at least three agencies; a group that isn't
    complete waits. So what one page has more than an earlier one is always a whole group.
    """
    shown: list[Given] = []
    waiting: list[Given] = []
    for each in given:
        waiting.append(each)
        if len(waiting) >= FEWEST and len({one.agency for one in waiting}) >= FEWEST_AGENCIES:
            shown, waiting = [*shown, *waiting], []
    return shown


def pooled(given: Iterable[Given], aspects: Iterable[str]) -> Pooled | None:
    """Means of what is shown of a unit, or None where there is no whole group yet."""
    shown = shown_of(given)
    if not shown:
        return None
    return Pooled(
        len(shown), {aspect: _mean([e.stars.get(aspect) for e in shown]) for aspect in aspects}
    )


def _mean(stars: Sequence[int | None]) -> float | None:
    there = [star for star in stars if star is not None]
    return round(fsum(there) / len(there), 1) if len(there) >= FEWEST else None
