"""Resident identity numbers (GB 11643-1999): checked, and shown with their middle hidden."""

import re
import unicodedata
from datetime import date
from enum import Enum

from flask_babel import lazy_gettext as _

from app.errors import Words

WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
CHECKS = "10X98765432"  # by the weighted sum modulo 11
HIDDEN = "*"


class Problem(Enum):
    """What is wrong with a number, and how to say it."""

    FORM = "form"
    BIRTH = "birth"
    CHECK = "check"

    @property
    def words(self) -> Words:
        """Tell it to the person who typed the number."""
        return _WORDS[self]


_WORDS: dict[Problem, Words] = {
    Problem.FORM: _("An ID number has 17 digits and a check character (a digit or X)"),
    Problem.BIRTH: _("The ID number holds no possible day of birth"),
    Problem.CHECK: _("The check character of the ID number is wrong: a digit was mistyped"),
}


def normalise(raw: str) -> str:
    """Return a number as it is kept: half-width, without blanks, X as a capital."""
    return "".join(unicodedata.normalize("NFKC", raw).split()).upper()


def check(number: str, today: date) -> Problem | None:
    """Return the first thing that is wrong with a normalised number, or None.

    GB 11643-1999: six digits of a region, the day of birth, three digits, and the check
    character by ISO 7064 MOD 11-2, which finds every single slip and every swap of neighbours.
    """
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return Problem.FORM
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Problem.BIRTH
    if not date(1900, 1, 1) <= born <= today:
        return Problem.BIRTH
    return None if number[-1] == check_character(number[:17]) else Problem.CHECK


def check_character(first: str) -> str:
    """Compute the 18th character from the first seventeen."""
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def masked(told: str | None) -> str:
    """Three characters, stars, four characters: what others may see of a number or telephone."""
    if not told:
        return ""
    if len(told) <= 7:
        return HIDDEN * len(told)
    return told[:3] + HIDDEN * (len(told) - 7) + told[-4:]
