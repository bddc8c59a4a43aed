"""Who may sign: the rule, without a database."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing

import pytest

from app.agencies.qualification import (
    WORDS,
    Minimum,
    Problem,
    falls_short,
    qualifies,
    years_between,
)

DAY = date(2026, 3, 1)


def person(**changes):
    usual = {
        "qualification": "注册会计师",
        "working_since": date(2021, 3, 1),
        "evaluating_since": date(2023, 3, 1),
        "confirmed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "left_at": None,
    }
    return Thing(**{**usual, **changes})


def test_exactly_five_and_three_years_are_enough():
    assert qualifies(person(), DAY) is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"working_since": date(2021, 3, 2)}, Problem.TOO_FEW_YEARS),
        ({"evaluating_since": date(2023, 3, 2)}, Problem.TOO_FEW_EVALUATING),
        ({"evaluating_since": None}, Problem.TOO_FEW_EVALUATING),
        ({"qualification": "  "}, Problem.NO_QUALIFICATION),
        ({"confirmed_at": None}, Problem.NOT_CONFIRMED),
        ({"left_at": datetime(2026, 2, 28, tzinfo=UTC)}, Problem.LEFT),
    ],
)
def test_one_thing_missing_is_named(changes, problem):
    assert qualifies(person(**changes), DAY) is problem


def test_who_leaves_later_could_sign_before():
    leaver = person(left_at=datetime(2026, 3, 5, tzinfo=UTC))
    assert qualifies(leaver, DAY) is None
    assert qualifies(leaver, date(2026, 3, 5)) is Problem.LEFT


def test_the_day_of_leaving_is_that_of_shanghai():
    early = {"working_since": date(2010, 1, 1), "evaluating_since": date(2015, 1, 1)}
    leaver = person(**early, left_at=datetime(2026, 2, 28, 17, tzinfo=UTC))  # 1 March, 01:00 here
    assert qualifies(leaver, date(2026, 2, 28)) is None
    assert qualifies(leaver, DAY) is Problem.LEFT


def test_confirmation_is_the_only_thing_that_confirming_need_not_find():
    assert falls_short(person(confirmed_at=None), DAY) is None
    assert falls_short(person(qualification=""), DAY) is Problem.NO_QUALIFICATION


def test_the_numbers_can_be_others():
    young = person(working_since=date(2024, 3, 1), evaluating_since=date(2025, 3, 1))
    assert qualifies(young, DAY) is Problem.TOO_FEW_YEARS
    assert qualifies(young, DAY, Minimum(working=2, evaluating=1)) is None


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2020, 2, 29), date(2025, 2, 28), 4),
        (date(2020, 2, 29), date(2025, 3, 1), 5),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
        (date(2026, 3, 2), date(2026, 3, 1), -1),
    ],
)
def test_years_are_whole_years(since, on, years):
    assert years_between(since, on) == years


def test_every_problem_has_words():
    assert set(WORDS) == set(Problem)
