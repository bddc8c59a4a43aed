"""What a lot's file comes to, counted by one rule where a pack is made and where it is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OUTSIDE = frozenset({"behind", "unranked", "left_out"})


@dataclass(frozen=True)
class Counts:
    """What a pack comes to."""

    lots: int = 0
    awarded: int = 0
    considered: int = 0
    left_out: int = 0
    draws: int = 0
    bids: int = 0
    objections: int = 0
    outside: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        told = vars(other)
        return Counts(**{name: count + told[name] for name, count in vars(self).items()})


def counts_of(told: Mapping[str, Any]) -> Counts:
    """What one lot comes to."""
    rows: Sequence[Mapping[str, Any]] = told["considered"]
    choice = told["choice"] or {}
    return Counts(
        lots=1,
        awarded=int(bool(choice)),
        considered=len(rows),
        left_out=sum(row["group"] == "left_out" for row in rows),
        draws=len(told["draws"]),
        bids=sum("bid" in row for row in rows),
        objections=len(told["objections"]),
        outside=int(choice.get("standing") in OUTSIDE),
    )


def snapshot_codes(told: Mapping[str, Any]) -> set[str]:
    """The rankings that a lot's file speaks of."""
    choice = told["choice"] or {}
    found = {choice.get("ranking", ""), *(draw["ranking"] for draw in told["draws"])}
    return found - {""}
