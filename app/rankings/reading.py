"""A snapshot as pages, prints and files show it. Pure but for the words of its rows' agencies."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any

from app.rankings.model import FEWEST_REVIEWS
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.public import public_result

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One agency's row as everybody may read it."""

    row: RankingRow
    told: Told

    def __getattr__(self, name: str) -> Any:
        """Figures by their public names (score, low, high, mean, top, rank, …); None if hidden."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.told.get(name)

    @property
    def agency(self) -> Any:
        """Whose row it is."""
        return self.row.agency

    @property
    def agency_id(self) -> int:
        """Whose row it is, by number."""
        return self.row.agency_id

    @property
    def parties(self) -> Mapping[str, float]:
        """The roles' means to half a star, where they may be told."""
        return self.told.get("parties") or {}


@dataclass(frozen=True)
class Reading:
    """What all rows of a snapshot share."""

    snapshot: RankingSnapshot
    summary: Told  # rounded, as everybody may hold it

    @cached_property
    def parameters(self) -> Told:
        """The method file."""
        told: Told = json.loads(self.snapshot.parameters)
        return told

    @property
    def is_mixed(self) -> bool:
        """Whether the mixed model was fitted, and not the average that stands in."""
        return not self.snapshot.method.startswith("bayes/")

    @property
    def digits(self) -> int:
        """How many decimals of a score are told."""
        return 2 if self.is_mixed else 1

    @property
    def why(self) -> str:
        """Why the average stands in for the model, in one word."""
        return str(self.parameters.get("why") or "")

    @property
    def best(self) -> int:
        """Of how many the chance of being among the best is told."""
        return int(self.parameters.get("best", 5))

    def lines(self, rows: Iterable[RankingRow]) -> list[Line]:
        """Rows with all that is told of them."""
        return [Line(row, self._told(row)) for row in rows]

    def _told(self, row: RankingRow) -> Told:
        found: Told = json.loads(row.told) if row.told else self._old[row.agency_id]
        return found

    @cached_property
    def _old(self) -> dict[int, Told]:
        """The rows of a snapshot from before each row kept what is told of it."""
        return {row["agency"]: row for row in _public_of_old(self.snapshot)["rows"]}

    def parts(self) -> int:
        """Of how many parts without a common order the rated agencies are."""
        return len(self.summary.get("parts") or [[]])


def read(snapshot: RankingSnapshot) -> Reading:
    """What all rows of a snapshot share."""
    if snapshot.summary:
        return Reading(snapshot, json.loads(snapshot.summary))
    shown = _public_of_old(snapshot)
    return Reading(snapshot, {name: each for name, each in shown.items() if name != "rows"})


def _public_of_old(snapshot: RankingSnapshot) -> dict[str, Any]:
    """The first snapshots didn't count persons: three reviews are taken for three."""
    result = json.loads(snapshot.result)
    usual: dict[str, Any] = {"why": "", "part": 0, "units": 0, "facts": {}}
    rows = [
        {**usual, "raters": FEWEST_REVIEWS * (row["reviews"] >= FEWEST_REVIEWS), **row}
        for row in result["rows"]
    ]
    return public_result({**result, "raters": 0, "rows": rows})


def scale_of(lines: Sequence[Line]) -> tuple[float, float, float]:
    """The axis of all intervals: from half a star below the lowest to five."""
    ends = [line.low for line in lines if line.low is not None]
    means = [line.mean for line in lines if line.mean is not None]
    return max(1.0, floor(min([*ends, *means], default=1.0) * 2) / 2), 5.0, 0.5


@dataclass(frozen=True)
class Terms:
    """The clerk's formula for one agency: score = overall + n/(n+λ) × corrected.

    corrected = own mean − overall − severity − difficulty − kind, each told to so many digits;
    `taken` is the sum of the three where they may not be told apart.
    """

    digits: int
    overall: float
    mass: float  # n: ratings by weight, or engagements
    shrinkage: float
    factor: float
    own: float
    corrected: float
    score: float
    low: float
    high: float
    apart: tuple[float, float, float] | None  # severity, difficulty, kind

    @property
    def taken(self) -> float:
        """What severity, difficulty and kind take off together."""
        return self.own - self.overall - self.corrected

    @property
    def counted(self) -> float:
        """As much of the corrected difference as the evidence carries."""
        return self.factor * self.corrected


def terms_of(reading: Reading, line: Line) -> Terms | None:
    """The formula as everybody may read it, rounded; None where too little is known."""
    if line.score is None:
        return None
    return _terms(line.told, reading.summary, digits=reading.digits)


def exact_terms_of(reading: Reading, agency_id: int) -> Terms | None:
    """The formula to the last digit, for those who may read every rating anyway."""
    result = json.loads(reading.snapshot.result)
    row = next((each for each in result["rows"] if each["agency"] == agency_id), None)
    if row is None or "score" not in row:
        return None
    return _terms(row, result.get("spread") or result, digits=4)


def _terms(row: Told, shared: Told, *, digits: int) -> Terms:
    own = row.get("weighted", row["mean"])
    factor, overall = row.get("factor", row["reliability"]), shared["overall"]
    names = ("severity", "difficulty", "kind")
    return Terms(
        digits=digits,
        overall=overall,
        mass=row.get("mass", row["engagements"]),
        shrinkage=shared["shrinkage"],
        factor=factor,
        own=own,
        corrected=row.get("corrected", own - overall),
        score=row["score"],
        low=row["low"],
        high=row["high"],
        apart=tuple(row[name] for name in names) if "severity" in row else None,
    )


def is_proven(reading: Reading, first: Line, second: Line) -> bool | None:
    """Whether the first is proven better than the second; None where nothing can be said.

    By the pairs that are proven together with 95 percent, or by confidence sets without overlap.
    """
    if not (first.sets and second.sets) or first.part != second.part:
        return None
    if [first.agency_id, second.agency_id] in reading.summary.get("proven", []):
        return True
    return bool(first.sets[1] < second.sets[0])
