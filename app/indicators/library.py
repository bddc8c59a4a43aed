"""Common indicators to start from: those of 财预〔2020〕10号, and a frame's own lines.

Names of the second and third level follow the measure's reference frame; how the points are
shared out inside a first-level indicator is the portal's proposal, to be edited.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.indicators.rows import Row

TABLE = Path(__file__).parent.parent / "data" / "common_indicators.json"
LEVEL1 = ("决策", "过程", "产出", "效益")


@cache
def common_rows() -> tuple[Row, ...]:
    """The 17 common indicators, 15, 20, 35 and 30 points by first level: 100 in all."""
    told = json.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(Row(**{**line, "points": Decimal(line["points"])}) for line in told)


def fits(frame: Iterable[str]) -> bool:
    """Whether a scoring frame is the one of project expenditure, which the library is for."""
    return set(frame) == set(LEVEL1)


def frame_rows(frame: Sequence[Mapping[str, Any]]) -> list[Row]:
    """One row for each line of a template's own frame, with its points, to be split up."""
    return [
        Row(line["name"], line["name"], line["name"], Decimal(str(line["points"])))
        for line in frame
    ]
