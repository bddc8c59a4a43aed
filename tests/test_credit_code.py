"""Credit codes are checked as GB 32100-2015 and GB 11714 say."""

import pytest

from app.credit_code import ALPHABET, KINDS, Problem, check, check_character, make, normalise

STANDARD = "91350100M000100Y43"  # the example of the standard itself


def test_the_example_of_the_standard_is_good():
    assert check(STANDARD) is None


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", Problem.LENGTH),
        (STANDARD[:-1], Problem.LENGTH),
        (STANDARD + "0", Problem.LENGTH),
        (STANDARD.replace("M", "O"), Problem.CHARACTER),
        (STANDARD.replace("M", "I"), Problem.CHARACTER),
        (STANDARD.lower(), Problem.CHARACTER),
        (STANDARD.replace("M", "\N{FULLWIDTH LATIN CAPITAL LETTER M}"), Problem.CHARACTER),
        ("91A50100M000100Y43", Problem.CHARACTER),
        ("91\N{ARABIC-INDIC DIGIT THREE}50100M000100Y43", Problem.CHARACTER),
        ("B1350100M000100Y43", Problem.PREFIX),
        ("98350100M000100Y43", Problem.PREFIX),
        ("Y9350100M000100Y43", Problem.PREFIX),
        (STANDARD[:-1] + "4", Problem.CHECK_CHARACTER),
        ("91350100M000010Y43", Problem.CHECK_CHARACTER),
    ],
)
def test_each_fault_has_its_name(code, problem):
    assert check(code) is problem
    assert str(problem.words)


def test_a_wrong_inner_code_under_a_right_check_character_is_found():
    first = "91350100M000100Y5"
    assert check(first + check_character(first)) is Problem.BODY_CHECK


def test_every_single_slip_is_found():
    for place in range(18):
        for other in set(ALPHABET) - {STANDARD[place]}:
            assert check(STANDARD[:place] + other + STANDARD[place + 1 :]) is not None


def test_every_swap_of_neighbours_is_found():
    for place in range(17):
        left, right = STANDARD[place : place + 2]
        if left != right:
            assert check(STANDARD[:place] + right + left + STANDARD[place + 2 :]) is not None


@pytest.mark.parametrize(
    "raw",
    [
        " 91350100m000100y43\n",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "9135 0100 M000 100Y 43",
        "\u300091350100M000100Y43\u00a0",
    ],
)
def test_a_code_is_taken_as_people_type_it(raw):
    assert normalise(raw) == STANDARD


def test_made_codes_are_good_and_differ():
    codes = {make(n) for n in range(2000)}
    assert len(codes) == 2000
    assert {check(code) for code in codes} == {None}
    assert all(code[2:4] == "99" for code in codes)


@pytest.mark.parametrize("kind", [d + k for d, kinds in KINDS.items() for k in kinds])
def test_every_kind_of_the_standard_can_be_made(kind):
    assert check(make(7, kind=kind)) is None


@pytest.mark.parametrize("serial", [-1, 1_000_000])
def test_a_serial_has_six_digits(serial):
    with pytest.raises(ValueError, match="six digits"):
        make(serial)
