"""The same seed asks the same; a quiz is marked question by question."""

from datetime import date

import pytest

from app.training.quizzing import drawn, order_of, parsed, percent_of
from app.training.reckoning import months_after


def test_the_same_seed_asks_the_same_whatever_the_order_of_the_bank():
    assert drawn([5, 3, 9, 1], 3, 7) == drawn([1, 3, 5, 9], 3, 7)
    assert len({tuple(drawn(range(50), 5, seed)) for seed in range(20)}) > 10
    assert sorted(drawn([1, 2], 5, 0)) == [1, 2]
    assert order_of(4, 12, 7) == order_of(4, 12, 7)
    assert sorted(order_of(4, 12, 7)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("given", "percent"),
    [
        ({}, 0),
        ({"1": [0], "2": [0, 1], "3": [2]}, 100),
        ({"1": [0], "2": [0], "3": [2]}, 66),
        ({"1": [0, 1, 2], "2": [0, 1, 2], "3": [0, 1, 2]}, 0),
        ({"1": [0], "x": [1]}, 33),
    ],
)
def test_a_question_counts_only_if_all_its_right_options_and_no_other_are_ticked(given, percent):
    assert percent_of({1: [0], 2: [0, 1], 3: [2]}, given) == percent


def test_a_quiz_without_questions_has_no_points():
    assert percent_of({}, {}) == 0


def test_options_are_lines_and_stars_are_right_ones():
    assert parsed("* 对\n\n错\n＊也对") == (["对", "错", "也对"], [0, 2])


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 5), 24, date(2028, 11, 5)),
    ],
)
def test_hours_expire_on_the_same_day_of_the_month_or_its_last(day, months, until):
    assert months_after(day, months) == until
