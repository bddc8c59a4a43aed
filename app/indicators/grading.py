"""The grade of an evaluated project (项目评价等次), told from its score; never an agency's."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Grade(StrEnum):
    """优、良、中、差 of a project. An agency's band or assessment is another scale."""

    EXCELLENT = "excellent"  # 优
    GOOD = "good"  # 良
    FAIR = "fair"  # 中
    POOR = "poor"  # 差


@dataclass(frozen=True)
class Bands:
    """From how many points of 100 on each grade is reached; the edge itself belongs to it."""

    excellent: Decimal = Decimal(90)
    good: Decimal = Decimal(80)
    fair: Decimal = Decimal(60)


def grade_of(score: Decimal, bands: Bands) -> Grade:
    """Return the grade of a score of 0 to 100; 89.5 is 良, since nothing is rounded up first.

    财预〔2020〕10号: 90(含)–100 优, 80(含)–90 良, 60(含)–80 中, below 60 差. ValueError outside.
    """
    if not 0 <= score <= 100:
        raise ValueError(f"a score of 0 to 100, not {score}")
    if score >= bands.excellent:
        return Grade.EXCELLENT
    if score >= bands.good:
        return Grade.GOOD
    return Grade.FAIR if score >= bands.fair else Grade.POOR
