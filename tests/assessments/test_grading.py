"""Edges belong to the better grade, nothing is rounded up first, and the year adds up."""

from decimal import Decimal

import pytest

from app.assessments.grading import (
    AgencyGrade,
    Edges,
    JobPoints,
    Weights,
    grade_of,
    mean_of,
    total_of,
    year_of,
)

USUAL = Weights(70, 30, Decimal(10))


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("100", "a"),
        ("90", "a"),
        ("89.99", "b"),
        ("80", "b"),
        ("79.99", "c"),
        ("60", "c"),
        ("59.99", "d"),
        ("0", "d"),
    ],
)
def test_the_edge_belongs_to_the_better_grade(points, grade):
    assert grade_of(Decimal(points), Edges()) is AgencyGrade(grade)


@pytest.mark.parametrize("points", ["-0.01", "100.01"])
def test_points_outside_a_hundred_have_no_grade(points):
    with pytest.raises(ValueError, match="0 to 100"):
        grade_of(Decimal(points), Edges())


def test_a_total_stays_within_nought_and_a_hundred():
    assert total_of([Decimal(60), Decimal(39)], Decimal(5)) == 100
    assert total_of([Decimal(2)], Decimal(-5)) == 0
    assert total_of([Decimal("30.5"), Decimal("40.25")], Decimal("-1.5")) == Decimal("69.25")


def test_a_mean_counts_by_weight_and_rounds_half_up():
    assert mean_of([JobPoints(Decimal(90), 3), JobPoints(Decimal(60), 1)]) == Decimal("82.50")
    assert mean_of([JobPoints(Decimal(90), 0), JobPoints(Decimal(60), 0)]) == Decimal(75)
    assert mean_of([JobPoints(Decimal("90.01"), 1), JobPoints(Decimal("90.02"), 1)]) == Decimal(
        "90.02"
    )
    with pytest.raises(ValueError, match="no job"):
        mean_of([])


def test_a_year_is_its_terms():
    year = year_of([JobPoints(Decimal(88), 1)], Decimal("4.5"), Decimal(-2), USUAL, Edges())
    assert (year.assessment, year.star_points, year.credit) == (
        Decimal(88),
        Decimal(90),
        Decimal(-2),
    )
    assert year.score == Decimal("86.60")
    assert year.grade is AgencyGrade.B


def test_without_stars_the_assessment_takes_the_whole_weight():
    year = year_of([JobPoints(Decimal(88), 1)], None, Decimal(0), USUAL, Edges())
    assert year.star_points is None
    assert year.score == Decimal(88)


def test_credit_moves_a_year_so_far_and_no_further():
    assert year_of(
        [JobPoints(Decimal(50), 1)], None, Decimal(-40), USUAL, Edges()
    ).score == Decimal(40)
    assert year_of([JobPoints(Decimal(95), 1)], None, Decimal(40), USUAL, Edges()).score == 100
