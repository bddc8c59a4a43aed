"""Points, grades and the year's roll-up of an agency: exact, pure, to be recomputed by anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")
WHOLE = Decimal(100)
POINTS_OF_A_STAR = Decimal(20)  # five stars are a hundred points


class AgencyGrade(StrEnum):
    """The grade of an agency or of its work on one job: never one of a project's 优良中差."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


@dataclass(frozen=True)
class Edges:
    """From how many points of 100 on each grade is reached; the edge itself belongs to it."""

    a: Decimal = Decimal(90)
    b: Decimal = Decimal(80)
    c: Decimal = Decimal(60)


@dataclass(frozen=True)
class JobPoints:
    """One job in the year's mean: its points of 100, and its weight (fen, or one)."""

    points: Decimal
    weight: int


@dataclass(frozen=True)
class YearScore:
    """The terms of an agency's year; stars and their points are absent where too few rated."""

    jobs: int
    assessment: Decimal
    star_points: Decimal | None
    credit: Decimal
    score: Decimal
    grade: AgencyGrade


@dataclass(frozen=True)
class Weights:
    """What counts how much in a year: percent of each input, and how far credit may move it."""

    assessment: int
    stars: int
    most_credit: Decimal


def grade_of(points: Decimal, edges: Edges) -> AgencyGrade:
    """The grade of 0 to 100 points; nothing is rounded up first, 89.99 is not 90."""
    if not 0 <= points <= WHOLE:
        raise ValueError(f"points of 0 to 100, not {points}")
    if points >= edges.a:
        return AgencyGrade.A
    if points >= edges.b:
        return AgencyGrade.B
    return AgencyGrade.C if points >= edges.c else AgencyGrade.D


def total_of(points: Iterable[Decimal], bonus: Decimal) -> Decimal:
    """A job's total: the lines, plus or minus the bonus, never below 0 or above 100."""
    return min(max(sum(points, Decimal(0)) + bonus, Decimal(0)), WHOLE)


def mean_of(jobs: Sequence[JobPoints]) -> Decimal:
    """The weighted mean of a year's jobs, rounded half up to hundredths.

    Where all weights are nought, every job counts alike. ValueError without jobs.
    """
    if not jobs:
        raise ValueError("no job, no mean")
    whole = sum(job.weight for job in jobs)
    if whole == 0:
        return _rounded(sum((job.points for job in jobs), Decimal(0)) / len(jobs))
    return _rounded(sum((job.points * job.weight for job in jobs), Decimal(0)) / whole)


def year_of(
    jobs: Sequence[JobPoints],
    stars: Decimal | None,
    credit: Decimal,
    weights: Weights,
    edges: Edges,
) -> YearScore:
    """An agency's year: 考核 × w1 + 点评 × w2 ± 信用, within 0 to 100.

    Stars (of five, one decimal) become points by 20. Without stars the assessment takes the whole
    weight: nothing is filled in for reviews that nobody wrote.
    """
    assessment = mean_of(jobs)
    star_points = None if stars is None else stars * POINTS_OF_A_STAR
    base = assessment
    if star_points is not None:
        base = _rounded((assessment * weights.assessment + star_points * weights.stars) / WHOLE)
    moved = min(max(credit, -weights.most_credit), weights.most_credit)
    score = min(max(base + moved, Decimal(0)), WHOLE)
    return YearScore(len(jobs), assessment, star_points, moved, score, grade_of(score, edges))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
