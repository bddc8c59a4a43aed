"""Which rounds wait before they count: two rankings compared must tell no single person's stars.

Whoever holds two snapshots can take one mean from the other and has what came between. So what
comes, and what goes, is always made of three reviews or more. Pure.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.rankings.model import FEWEST_REVIEWS


@dataclass(frozen=True)
class Change:
    """A review of an opened round was voided, or written anew, after an appeal: when, and whose."""

    at: datetime
    person: Hashable


@dataclass(frozen=True)
class Round:
    """One opened round: whose, since when, and how many of its first reviews hold a star."""

    id: int
    agency: int
    opened_at: datetime
    reviews: int
    changes: tuple[Change, ...] = ()


def counting(rounds: Iterable[Round]) -> set[int]:
    """The rounds that count, by id.

    One of three reviews or more counts at once. Smaller ones of an agency wait, in the order of
    their opening, until three reviews are together, and then count together. A round of which a
    review changes is set aside, neither its old nor its new stars count, with those that came to
    count together with it: it counts again from the agency's next round of three reviews on, or
    once the reviews of three persons have changed. An agency of which nothing counts keeps what
    waits, or one round of those set aside: so little is told of in counts and a range alone.
    """
    agencies: dict[int, _Agency] = defaultdict(_Agency)
    for each, person in _in_time(rounds):
        if person is None:
            agencies[each.agency].open(each)
        else:
            agencies[each.agency].change(each, person[0])
    return {key for own in agencies.values() for key in own.counting()}


def _in_time(rounds: Iterable[Round]) -> Iterator[tuple[Round, tuple[Hashable] | None]]:
    """Openings, and changes with their person, as they came."""
    events: list[tuple[datetime, int, Round, tuple[Hashable] | None]] = []
    for each in rounds:
        events.append((each.opened_at, each.id, each, None))
        events += [(change.at, each.id, each, (change.person,)) for change in each.changes]
    events.sort(key=lambda event: (event[0], event[3] is not None, event[1]))
    yield from ((each, person) for _at, _id, each, person in events)


class _Agency:
    """The rounds of one agency: those that count, by the groups they came in, and the others."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.waiting: list[Round] = []
        self.aside: list[list[int]] = []
        self.changed: set[Hashable] = set()

    def open(self, each: Round) -> None:
        if each.reviews >= FEWEST_REVIEWS:
            self.groups.append([each.id])
            self._return()
            return
        self.waiting.append(each)
        if sum(one.reviews for one in self.waiting) >= FEWEST_REVIEWS:
            self.groups.append([one.id for one in self.waiting])
            self.waiting = []

    def change(self, each: Round, person: Hashable) -> None:
        for group in [own for own in self.groups if each.id in own]:
            self.groups.remove(group)
            self.aside.append(group)
        if any(each.id in group for group in self.aside):
            self.changed.add(person)
        if len(self.changed) >= FEWEST_REVIEWS:
            self._return()

    def _return(self) -> None:
        self.groups += self.aside
        self.aside, self.changed = [], set()

    def counting(self) -> list[int]:
        if self.groups:
            return [key for group in self.groups for key in group]
        return self.aside[0][:1] if self.aside else [one.id for one in self.waiting]


def coarse(stars: float) -> float:
    """A mean to the nearest half star: the next review of a party can't be taken out of it."""
    return int(2 * stars + 0.5) / 2
