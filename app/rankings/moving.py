"""Why a score moved between two rankings: contributions that add up to the change. Pure.

A score is overall + Σ g·e with g = weight / (Σ weights + λ) and e = stars − overall − severity −
difficulty − kind. What came in adds g·e, what no longer counts takes it away; for what counts in
both, the change of g·e is split between its weight and its terms by the midpoint rule, which is
exact for products of two, so that the lines always add up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from app.rankings.model import FEWEST_REVIEWS

Term = Sequence[float]  # weight, stars, severity, difficulty, kind
TERMS = ("stars", "severity", "difficulty", "kind")
OVERALL, CAME, GONE, WEIGHED, RATINGS = "overall", "came", "gone", "weighed", "ratings"
MERGED = (CAME, GONE, WEIGHED, TERMS[0])
ORDER = (OVERALL, CAME, GONE, RATINGS, WEIGHED, *TERMS)


@dataclass(frozen=True)
class Side:
    """One agency in one ranking: its ratings' terms by a name that both rankings share."""

    overall: float
    shrinkage: float
    terms: Mapping[Any, Term]
    raters: Mapping[Any, frozenset[Any]]

    @property
    def score(self) -> float:
        """The score that these terms make."""
        return self.overall + fsum(self.share(key) * self.rest(key) for key in self.terms)

    def share(self, key: Any) -> float:
        """How much of the score this rating carries."""
        mass = fsum(term[0] for term in self.terms.values())
        return self.terms[key][0] / (mass + self.shrinkage)

    def rest(self, key: Any) -> float:
        """What is left of its stars."""
        _weight, stars, *taken = self.terms[key]
        return stars - self.overall - fsum(taken)


@dataclass(frozen=True)
class Move:
    """One line of the ledger: what moved the score, by how many stars, how many ratings."""

    kind: str
    stars: float
    ratings: int = 0


def moves(before: Side, after: Side) -> list[Move]:
    """The lines from one ranking to the next; their sum is the change of the score.

    What came and what went are told apart only where each is of three persons or more, and stars
    that changed only where three did; else one line holds them together with what counted already.
    """
    came = after.terms.keys() - before.terms.keys()
    gone = before.terms.keys() - after.terms.keys()
    stayed = sorted(before.terms.keys() & after.terms.keys(), key=repr)
    sums: dict[str, list[float]] = {kind: [] for kind in ORDER}
    sums[OVERALL].append(after.overall - before.overall)
    sums[CAME] = [after.share(key) * after.rest(key) for key in came]
    sums[GONE] = [-before.share(key) * before.rest(key) for key in gone]
    for key in stayed:
        _split(sums, before, after, key)
    moved = sum(before.terms[key][1] != after.terms[key][1] for key in stayed)
    counts = {CAME: len(came), GONE: len(gone), RATINGS: len(came) + len(gone) + moved}
    enough = all(_is_enough(side, keys) for side, keys in ((after, came), (before, gone)))
    if not enough or 0 < moved < FEWEST_REVIEWS:
        sums[RATINGS] = [each for kind in MERGED for each in sums.pop(kind)]
    lines = [Move(kind, fsum(sums[kind]), counts.get(kind, 0)) for kind in ORDER if sums.get(kind)]
    return [line for line in lines if line.stars or line.kind in counts]


def _is_enough(side: Side, keys: Any) -> bool:
    persons = {person for key in keys for person in side.raters.get(key, ())}
    return not keys or len(persons) >= FEWEST_REVIEWS


def _split(sums: dict[str, list[float]], before: Side, after: Side, key: Any) -> None:
    shares, rests = (before.share(key), after.share(key)), (before.rest(key), after.rest(key))
    middle = (shares[0] + shares[1]) / 2
    sums[WEIGHED].append((shares[1] - shares[0]) * (rests[0] + rests[1]) / 2)
    sums[OVERALL].append(-middle * (after.overall - before.overall))
    for place, name in enumerate(TERMS, 1):
        change = after.terms[key][place] - before.terms[key][place]
        sums[name].append(middle * (change if name == "stars" else -change))


def rounded(lines: Sequence[Move], change: float, digits: int) -> list[Move]:
    """The lines to so many digits, the largest remainders taken up so that they still add up."""
    unit = 10.0**-digits
    whole = [round(line.stars / unit) for line in lines]
    short = round(change / unit) - sum(whole)
    by_rest = sorted(range(len(lines)), key=lambda n: lines[n].stars / unit - whole[n])
    for place in range(abs(short)):
        chosen = by_rest[-1 - place % len(lines)] if short > 0 else by_rest[place % len(lines)]
        whole[chosen] += 1 if short > 0 else -1
    return [
        Move(line.kind, round(count * unit, digits), line.ratings)
        for line, count in zip(lines, whole, strict=True)
    ]
