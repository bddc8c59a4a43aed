"""A snapshot as pages, prints and files show it: its rows beside what its exact result tells."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.places import Place, unproven
from app.rankings.record import RANKED


@dataclass(frozen=True)
class Reading:
    """Everything that is shown of one snapshot."""

    snapshot: RankingSnapshot
    ranked: Sequence[RankingRow]
    doubtful: Sequence[RankingRow]  # 样本不足
    unrated: Sequence[RankingRow]  # 未评
    result: Mapping[str, Any]
    parameters: Mapping[str, Any]
    top: Mapping[int, float]  # the chance to be among the first five, by agency
    unproven: tuple[int, int, int] | None

    @property
    def spread(self) -> Mapping[str, Any] | None:
        """Overall mean, variances and λ; None where nothing is rated."""
        found: Mapping[str, Any] | None = self.result["spread"]
        return found

    @property
    def scale(self) -> tuple[float, float, float]:
        """The axis of all intervals: from half a star below the lowest to five."""
        lowest = [
            min(row.score_low, row.raw_mean or row.score_low)
            for row in (*self.ranked, *self.doubtful)
            if row.score_low is not None
        ]
        return max(1.0, floor(min(lowest, default=1.0) * 2) / 2), 5.0, 0.5


@dataclass(frozen=True)
class Explanation:
    """The clerk's formula for one agency: score = overall + n/(n+λ) × (mean − overall)."""

    overall: float
    engagements: int
    shrinkage: float
    reliability: float
    mean: float
    score: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How far the agency's own mean is from that of all."""
        return self.mean - self.overall

    @property
    def counted(self) -> float:
        """As much of the difference as the evidence carries."""
        return self.reliability * self.difference


def read(snapshot: RankingSnapshot, rows: Sequence[RankingRow]) -> Reading:
    """Put a snapshot's rows and its exact result together."""
    result = json.loads(snapshot.result)
    told = {row["agency"]: row for row in result["rows"]}
    ranked = [row for row in rows if row.rank is not None]
    rest = [row for row in rows if row.rank is None]
    return Reading(
        snapshot=snapshot,
        ranked=ranked,
        doubtful=[row for row in rest if row.engagements],
        unrated=[row for row in rest if not row.engagements],
        result=result,
        parameters=json.loads(snapshot.parameters),
        top={key: row["top"] for key, row in told.items() if row["state"] == RANKED},
        unproven=unproven([_place(row) for row in result["rows"] if row["state"] == RANKED]),
    )


def _place(row: Mapping[str, Any]) -> Place:
    low, high = row["rank_low"], row["rank_high"]
    return Place(row["agency"], row["rank"], low, high, row["top"], row["band"])


def explain(reading: Reading, agency_id: int) -> Explanation | None:
    """Every term of one agency's score, or None where too little is known to show one."""
    row = next((each for each in reading.result["rows"] if each["agency"] == agency_id), None)
    if row is None or reading.spread is None or "score" not in row:
        return None
    return Explanation(
        overall=reading.spread["overall"],
        engagements=row["engagements"],
        shrinkage=reading.spread["shrinkage"],
        reliability=row["reliability"],
        mean=row["mean"],
        score=row["score"],
        low=row["low"],
        high=row["high"],
    )
