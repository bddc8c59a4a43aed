"""Which scores moved between a consultation's sending and now: each move names its opinion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.engagements.models import Engagement
from app.indicators.queries import systems_in_force


@dataclass(frozen=True)
class Move:
    """A row whose points are others now."""

    row: str
    before: Decimal | None
    after: Decimal | None


def points_of(engagement: Engagement) -> dict[str, str]:
    """The points of every scored row by its code; of several tasks by task and code (2/B21)."""
    found = {}
    for system in systems_in_force(engagement):
        lead = f"{system.task_number}/" if system.task_number and len(engagement.tasks) > 1 else ""
        for row in system.indicators:
            points = row.score_before if row.score_after is None else row.score_after
            if points is not None:
                found[f"{lead}{row.code}"] = f"{points:f}"
    return found


def moves(before: Mapping[str, str], after: Mapping[str, str]) -> list[Move]:
    """The rows that were scored at both times, with other points; equal numbers are no move."""
    return [
        Move(row, Decimal(before[row]), Decimal(after[row]))
        for row in before
        if row in after and Decimal(before[row]) != Decimal(after[row])
    ]


def unnamed(found: Sequence[Move], named: Sequence[str]) -> list[str]:
    """The rows that moved and that no opinion names."""
    return [move.row for move in found if move.row not in named]
