"""The rules of an indicator table: what is wrong with its rows, their codes, their sums. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from string import ascii_uppercase

from flask_babel import lazy_gettext as _

from app.errors import Invalid, Words

MOST_ROWS = 200
WHOLE = Decimal(100)
OUTCOMES = ("产出", "效益")
LEAST_OUTCOMES = Decimal(60)
LONGEST = {"level1": 40, "level2": 80, "name": 120, "check_point": 200, "standard": 2000}
_CODE = re.compile(r"([A-Z])([1-9])([0-9]{1,2})(?:-([1-9][0-9]?))?")


@dataclass(frozen=True)
class Row:
    """One line as it is entered: three levels, a check point where there are several, points."""

    level1: str
    level2: str
    name: str
    points: Decimal
    standard: str = ""
    check_point: str = ""
    code: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: the place of the row (from nought), the column, the words."""

    row: int
    column: str
    words: Words


class FaultyRows(Invalid):
    """Rows that break a rule; nothing of them is kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("Some rows can't be kept as they are; nothing was saved"))
        self.faults = faults


def faults_of(rows: Sequence[Row], frame: Iterable[str]) -> list[Fault]:
    """Return everything that is wrong, cell by cell; rows may add up to anything in a draft."""
    found: list[Fault] = []
    if len(rows) > MOST_ROWS:
        found.append(Fault(MOST_ROWS, "name", _("A table has at most %(n)s rows", n=MOST_ROWS)))
    known = set(frame)
    for place, row in enumerate(rows):
        found += [Fault(place, column, words) for column, words in _cells(row, known)]
    return found + _repeated(rows) + _letters(rows)


def _cells(row: Row, frame: set[str]) -> Iterable[tuple[str, Words]]:
    for column in ("level1", "level2", "name"):
        if not getattr(row, column):
            yield column, _("This cell must not be empty")
    if row.level1 and row.level1 not in frame:
        yield "level1", _("Not in the scoring frame of the template: %(name)s", name=row.level1)
    for column, most in LONGEST.items():
        if len(getattr(row, column)) > most:
            yield column, _("At most %(n)s characters", n=most)
    if row.code and not _CODE.fullmatch(row.code):
        yield "code", _("A code is a letter and two or three figures: A11, or B21-2")
    if words := _wrong_points(row.points):
        yield "points", words


def _wrong_points(points: Decimal) -> Words | None:
    if not points.is_finite() or not 0 < points <= WHOLE:
        return _("Points are more than 0 and at most 100")
    return _("Points have at most two decimals") if points * 100 % 1 else None


def _repeated(rows: Sequence[Row]) -> list[Fault]:
    """No code and no line stands twice."""
    codes = Counter(row.code for row in rows if row.code)
    lines = Counter(_line(row) for row in rows)
    found = []
    for place, row in enumerate(rows):
        if codes[row.code] > 1:
            found.append(Fault(place, "code", _("This code stands in the table twice")))
        if row.name and lines[_line(row)] > 1:
            found.append(Fault(place, "name", _("This line stands in the table twice")))
    return found


def _line(row: Row) -> tuple[str, ...]:
    return row.level1, row.level2, row.name, row.check_point


def _letters(rows: Sequence[Row]) -> list[Fault]:
    """The letter of a code belongs to one first-level indicator alone."""
    owner: dict[str, str] = {}
    found = []
    for place, row in enumerate(rows):
        letter = row.code[:1]
        if _CODE.fullmatch(row.code) and owner.setdefault(letter, row.level1) != row.level1:
            words = _(
                "The letter %(letter)s is that of %(name)s", letter=letter, name=owner[letter]
            )
            found.append(Fault(place, "code", words))
    return found


def coded(rows: Sequence[Row], frame: Sequence[str]) -> list[Row]:
    """Give every row its code: those that stand are kept, the others follow the frame's order.

    A letter for the first level, a figure for the second, one or two for the third (A11); where
    an indicator has several check points, each gets its number behind a dash (B21-1). Invalid
    where a first-level indicator has more than nine of the second.
    """
    bases = _bases(rows, frame)
    several = Counter(_group(row) for row in rows)
    taken = {row.code for row in rows}
    made = []
    for row in rows:
        base = bases[_group(row)]
        if several[_group(row)] == 1:
            code = row.code or base
        elif "-" in row.code:
            code = row.code
        else:
            code = next(c for n in range(1, 100) if (c := f"{base}-{n}") not in taken)
        taken.add(code)
        made.append(replace(row, code=code))
    return made


def _group(row: Row) -> tuple[str, str, str]:
    return row.level1, row.level2, row.name


def _bases(rows: Sequence[Row], frame: Sequence[str]) -> dict[tuple[str, str, str], str]:
    """The code of each third-level indicator, as its rows say or as the next free one."""
    known = {_group(row): row.code.partition("-")[0] for row in rows if row.code}
    letters = {group[0]: base[0] for group, base in known.items()}
    seconds = {group[:2]: base[:2] for group, base in known.items()}
    for group in dict.fromkeys(_group(row) for row in rows):
        if group in known:
            continue
        letter = letters.setdefault(group[0], _letter(group[0], frame, letters))
        second = seconds.setdefault(group[:2], _second(letter, seconds))
        taken = set(known.values())
        known[group] = next(b for n in range(1, 100) if (b := f"{second}{n}") not in taken)
    return known


def _letter(level1: str, frame: Sequence[str], letters: Mapping[str, str]) -> str:
    own = ascii_uppercase[frame.index(level1)]
    free = (letter for letter in own + ascii_uppercase if letter not in letters.values())
    return next(free)


def _second(letter: str, seconds: Mapping[tuple[str, str], str]) -> str:
    for number in range(1, 10):
        if (code := f"{letter}{number}") not in seconds.values():
            return code
    raise Invalid(_("A first-level indicator has at most nine of the second level"))


def total(rows: Iterable[Row]) -> Decimal:
    """The points of all rows together."""
    return sum((row.points for row in rows), Decimal(0))


def by_level1(rows: Iterable[Row]) -> dict[str, Decimal]:
    """The points of each first-level indicator, in the order of the table."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.level1] = sums.get(row.level1, Decimal(0)) + row.points
    return sums


def outcome_points(rows: Iterable[Row]) -> Decimal:
    """The points of 产出 and 效益 together; 财预〔2020〕10号 asks for 60 in principle."""
    sums = by_level1(rows)
    return sum((sums.get(name, Decimal(0)) for name in OUTCOMES), Decimal(0))


def is_of(code: str, indicator: str) -> bool:
    """Whether a row's code is the indicator or one of its check points: B21-2 is of B21."""
    return code == indicator or code.startswith(f"{indicator}-")
