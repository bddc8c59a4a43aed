"""ID numbers: the standard's check, and how others see them."""

from datetime import date

import pytest

from app.id_number import Problem, check, check_character, masked, normalise

TODAY = date(2026, 9, 1)
GOOD = "11010519491231002X"  # the example that the standard itself prints


def test_the_standards_own_example():
    assert check(GOOD, TODAY) is None
    assert check_character("44052418800101001") == "4"


def test_every_slip_and_every_swap_of_neighbours_is_found():
    for place in range(17):
        for digit in "0123456789":
            wrong = GOOD[:place] + digit + GOOD[place + 1 :]
            assert (check(wrong, TODAY) is None) == (wrong == GOOD)
    for place in range(16):
        wrong = GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :]
        assert (check(wrong, TODAY) is None) == (wrong == GOOD)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("", Problem.FORM),
        ("1101051949123100", Problem.FORM),
        ("010105194912310021", Problem.FORM),
        ("1101051949123100XX", Problem.FORM),
        ("110105194913310021", Problem.BIRTH),
        ("110105202702290021", Problem.BIRTH),
        ("110105189912310021", Problem.BIRTH),
        ("110105194912310021", Problem.CHECK),
        ("😀10105194912310021", Problem.FORM),
    ],
)
def test_what_is_wrong_is_told(told, problem):
    assert check(told, TODAY) is problem


def test_a_number_is_read_as_people_type_it():
    assert normalise(" １１０１０５ 1949 1231 002x ") == GOOD


def test_others_see_three_and_four():
    assert masked(GOOD) == "110***********002X"
    assert masked("13800001234") == "138****1234"
    assert masked("1234567") == "*******"
    assert masked("") == masked(None) == ""
