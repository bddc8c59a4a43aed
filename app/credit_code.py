"""The unified social credit code (统一社会信用代码, GB 32100-2015): checked, made for demos."""

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from app.errors import Words

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters, without I, O, S, V and Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DEMO_REGION = "990100"  # no province has the number 99, so no such code is ever given out

# Registering department and the kinds that it registers: table 1 of the standard as extended by
# its amendment. 1 staffing offices, 2 foreign affairs, 3 justice, 4 culture, 5 civil affairs,
# 6 tourism, 7 religion, 8 trade unions, 9 market regulation, A the military's staffing office,
# N agriculture, Y all others.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "1": "1239",
        "2": "19",
        "3": "123459",
        "4": "19",
        "5": "1239",
        "6": "129",
        "7": "129",
        "8": "19",
        "9": "1239",
        "A": "19",
        "N": "1239",
        "Y": "1",
    }
)


class Problem(Enum):
    """What is wrong with a code, and how to say it."""

    LENGTH = "length"
    CHARACTER = "character"
    PREFIX = "prefix"
    CHECK_CHARACTER = "check_character"
    BODY_CHECK = "body_check"

    @property
    def words(self) -> Words:
        """Tell it to the person who typed the code."""
        return _WORDS[self]


_WORDS: Mapping[Problem, Words] = {
    Problem.LENGTH: _("A unified social credit code has 18 characters"),
    Problem.CHARACTER: _(
        "A unified social credit code has digits and capital letters without I, O, S, V and Z;"
        " its third to eighth characters are digits"
    ),
    Problem.PREFIX: _(
        "The first two characters name no registering department and kind of organisation"
    ),
    Problem.CHECK_CHARACTER: _("The check character is wrong: a character was mistyped or swapped"),
    Problem.BODY_CHECK: _("The organisation code inside (characters 9 to 17) fails its own check"),
}


def normalise(raw: str) -> str:
    """Return a code as it is kept: half-width, capital letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", raw).split()).upper()


def check(code: str) -> Problem | None:
    """Return the first thing that is wrong with a normalised code, or None.

    GB 32100-2015: 18 characters; department and kind of table 1; six digits of a region; the
    organisation code of GB 11714 with its own check (mod 11); a check character by
    31 - Σ cᵢ·3ⁱ⁻¹ mod 31. The outer check is told first: it finds every single slip.
    """
    if len(code) != LENGTH:
        return Problem.LENGTH
    if set(code) - set(ALPHABET) or not re.fullmatch("[0-9]{6}", code[2:8]):
        return Problem.CHARACTER
    if code[1] not in KINDS.get(code[0], ""):
        return Problem.PREFIX
    if code[-1] != check_character(code[:-1]):
        return Problem.CHECK_CHARACTER
    return None if code[16] == body_check_character(code[8:16]) else Problem.BODY_CHECK


def check_character(first: str) -> str:
    """Compute the 18th character from the first seventeen (GB 32100-2015)."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def body_check_character(body: str) -> str:
    """Compute the ninth character of an organisation code from eight (GB 11714: mod 11)."""
    pairs = zip(body, BODY_WEIGHTS, strict=True)
    return "0123456789X"[-sum(BODY_ALPHABET.index(c) * weight for c, weight in pairs) % 11]


def make(serial: int, *, kind: str = "91", region: str = DEMO_REGION) -> str:
    """Make a valid code for a demonstration organisation; by default of a region that isn't.

    `kind` is department and kind together: 91 company, 11 office, 12 public institution,
    52 non-profit, 31 law firm. One serial (0 to 999,999) gives one code.
    """
    if not 0 <= serial < 1_000_000:
        raise ValueError("the serial has at most six digits")
    body = f"DM{serial:06d}"
    first = f"{kind}{region}{body}{body_check_character(body)}"
    return first + check_character(first)
