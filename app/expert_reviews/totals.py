"""How the sheets of experts become one total: pure, by the rule that was said beforehand."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

LEAST_TRIMMED = 5
CENT = Decimal("0.01")


class Rule(StrEnum):
    """How the total is made of the experts' totals."""

    MEAN = "mean"  # 算术平均
    TRIMMED = "trimmed"  # 去掉一个最高分和一个最低分后平均


def total(rule: Rule, sheets: Sequence[Decimal]) -> Decimal:
    """Return the total of the experts' totals, rounded half up to hundredths.

    Without the highest and the lowest one where the rule says so, which needs five sheets.
    ValueError without a sheet, or with too few.
    """
    told = sorted(sheets)
    if rule is Rule.TRIMMED:
        if len(told) < LEAST_TRIMMED:
            raise ValueError("too few sheets to leave two out")
        told = told[1:-1]
    if not told:
        raise ValueError("no sheet")
    return (sum(told, Decimal(0)) / len(told)).quantize(CENT, ROUND_HALF_UP)


def means(sheets: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    """Return the plain mean of each criterion, rounded half up to hundredths."""
    return [
        (sum(points, Decimal(0)) / len(points)).quantize(CENT, ROUND_HALF_UP)
        for points in zip(*sheets, strict=True)
    ]
