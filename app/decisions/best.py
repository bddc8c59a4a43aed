"""Who can't be told apart from the best among those who may do the work. Pure.

The ranking is evidence, never a gate: nobody is left out for a missing rank, and whoever chooses
outside the set gives a reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.conflicts.rules import Finding

Proven = Callable[[Any, Any], bool | None]


@dataclass(frozen=True)
class Candidate:
    """One agency with all that is known for a choice; `line` is its row of the ranking in force."""

    agency_id: int
    name: str
    line: Any = None
    load: int = 0  # engagements that it is busy with
    in_field: int = 0  # engagements of the field that is asked for
    findings: Sequence[Finding] = field(default_factory=tuple)

    @property
    def is_barred(self) -> bool:
        """Whether a prohibition keeps it out."""
        return any(one.is_barred for one in self.findings)

    @property
    def score(self) -> float | None:
        """Its fair score, where it is ranked."""
        ranked = self.line is not None and self.line.rank is not None
        return self.line.score if ranked else None


@dataclass(frozen=True)
class Wish:
    """What the choice asks for; nothing asked leaves everybody in."""

    least_score: float | None = None
    least_low: float | None = None  # lower end of the interval
    most_load: int | None = None
    needs_field: bool = False
    without_links: bool = False

    def left_out(self, one: Candidate) -> str:
        """By which filter a candidate is left out; empty where it is in."""
        tests: Mapping[str, bool] = {
            "barred": one.is_barred,
            "links": self.without_links and bool(one.findings),
            "field": self.needs_field and not one.in_field,
            "load": self.most_load is not None and one.load > self.most_load,
            "score": self.least_score is not None and (one.score or 0) < self.least_score,
            "interval": self.least_low is not None and _low(one) < self.least_low,
        }
        return next((name for name, is_out in tests.items() if is_out), "")


def _low(one: Candidate) -> float:
    return one.line.low or 0 if one.score is not None else 0


@dataclass(frozen=True)
class Sorted:
    """The candidates by what is known: the best set, those proven behind it, unranked, left out."""

    best: Sequence[Candidate]
    behind: Sequence[Candidate]
    unranked: Sequence[Candidate]
    left_out: Sequence[tuple[Candidate, str]]


def sort_out(candidates: Sequence[Candidate], wish: Wish, is_proven: Proven) -> Sorted:
    """Divide the candidates; of agencies without a common order each part has its own best.

    is_proven(a, b): whether a is proven better than b. Somebody stands behind the best set only
    if some candidate who is in is proven better; an agency with the best score never does.
    """
    out = [(one, why) for one in candidates if (why := wish.left_out(one))]
    left = {one.agency_id for one, _why in out}
    inside = [one for one in candidates if one.agency_id not in left]
    ranked = [one for one in inside if one.score is not None]
    ranked.sort(key=lambda one: (one.line.part, one.line.rank))
    leaders: dict[int, Candidate] = {}
    for one in ranked:
        leaders.setdefault(one.line.part, one)
    best = [one for one in ranked if is_proven(leaders[one.line.part].line, one.line) is not True]
    in_set = {one.agency_id for one in best}
    behind = [one for one in ranked if one.agency_id not in in_set]
    return Sorted(best, behind, [one for one in inside if one.score is None], out)
