"""Numbers of persons in a text: identity numbers, telephones, bank accounts. Pure.

Identity numbers after GB 11643-1999 (six digits of place, a day of birth, three digits, a check
digit by ISO 7064 MOD 11-2), cards after ISO/IEC 7812 (Luhn). A number is found whatever digits it
is written with and whatever spaces or dashes stand in it; a whole date in an identity number is
enough, since a planted one may have a wrong check digit. It is better to refuse once too often;
but figures with blanks between them, a row of a table, are one number only in the groups in which
people write such a number (138 0000 1234), or digit by digit.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.id_number import check_character


class Number(StrEnum):
    """What kind of number it is."""

    IDENTITY = "identity"  # 身份证号
    PHONE = "phone"  # 电话
    ACCOUNT = "account"  # 银行账号


@dataclass(frozen=True)
class Found:
    """A number that was found, with its middle hidden."""

    kind: Number
    masked: str


_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_NUMERALS = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "0001234567891234567891")
_SPELLED = re.compile(r"[〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{7,}")
_GAP = r"[ \t\u00a0\-–—_·]{0,2}"
_DATE = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHORT_DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"[1-9]\d{{5}}{_DATE}\d{{3}}[\dX]")
_OLD_IDENTITY = re.compile(rf"[1-9]\d{{5}}{_SHORT_DATE}\d{{3}}")
_MOBILE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_RUN = re.compile(rf"(?<![\dA-Za-z.,])\+?\d(?:{_GAP}\d){{9,29}}(?:{_GAP}[Xx])?(?![\dA-Za-z])")
_PART = re.compile(r"\d+[Xx]?|[Xx]")
_TOLD = r"(?:电话|手机|传真|座机)(?![费补访调回抽问次量])"  # 电话费 is a row of money
_PHONES = re.compile(rf"{_TOLD}|联系|[Tt][Ee][Ll]|[Mm]obile")
_MOBILE_GROUPS = frozenset({(11,), (3, 8), (7, 4), (3, 4, 4)})
_LANDLINE_GROUPS = frozenset({(4, 7), (4, 8), (3, 8), (3, 4, 4), (4, 4, 4), (4, 3, 4)})
THREE, FOUR = 3, 4  # digits of the smallest group
OLD_LENGTH = 15  # digits of an identity number without a check digit
_EDGE = r"[ \t]*[|\n][ \t|\n]*"  # between two cells of a table
_BOXES = re.compile(rf"(?<![\dA-Za-z.,])\d(?:{_EDGE}\d){{9,29}}(?:{_EDGE}[Xx])?(?![\dA-Za-z])")
_CELLS = re.compile(rf"(?<![\dA-Za-z.,])\d+(?:{_EDGE}\d+){{1,29}}[Xx]?(?![\dA-Za-z])")
_CALLED = re.compile(
    r"\(0\d{2,3}\)[ \-]?\d{3,4}[ \-]?\d{4}(?!\d)|1[3-9]\d[./]\d{4}[./]\d{4}(?!\d)"
    rf"|(?:{_TOLD}|联系方式)[^\d\n]{{0,6}}\d{{3,4}}[ \-]?\d{{4}}(?![\d年.,])"
)
_ACCOUNTS = re.compile(r"[账帐]号|卡号")
_LONG = re.compile(r"(?<![\dA-Za-z.,\-])\d{12,19}(?![\dA-Za-z.,])")
_NAMED = re.compile(r"(?:账号|帐号|账户|帐户|卡号|银行卡)[^\d\n]{0,12}(\d(?:[ \-]?\d){7,29})")


def plain(text: str) -> str:
    """Return the text with one way of writing digits and without characters nobody sees."""
    known = unicodedata.normalize("NFKC", text.translate(_HIDDEN))
    return _SPELLED.sub(lambda spelled: spelled[0].translate(_NUMERALS), known)


def found_in(text: str) -> list[Found]:
    """Return the numbers of persons in a text, each once, in their order."""
    known = plain(text)
    told = dict.fromkeys([*_runs(known), *_named(known), *_listed(known), *_called(known)])
    told |= dict.fromkeys([*_broken(known), *_boxed(known), *_parted(known)])
    return [Found(kind, masked(number)) for kind, number in told]


def _runs(text: str) -> Iterator[tuple[Number, str]]:
    for run in _RUN.finditer(text):
        before = text[text.rfind("\n", 0, run.start()) + 1 : run.start()]
        groups = Groups.of(run[0], is_named=bool(_PHONES.search(before)))
        if kind := groups.kind:
            yield kind, groups.number
        else:
            yield from _within(groups)


def _within(groups: "Groups") -> Iterator[tuple[Number, str]]:
    """Numbers that stand beside others with nothing but a blank between."""
    for first in range(len(groups.parts)):
        for last in range(first + 1, min(first + 6, len(groups.parts)) + 1):
            some = groups.between(first, last)
            if (kind := some.kind) and (kind is not Number.ACCOUNT or last == first + 1):
                yield kind, some.number


@dataclass(frozen=True)
class Groups:
    """Groups of digits with what stands between them, that may be one number."""

    parts: tuple[str, ...]
    gaps: tuple[str, ...]  # one fewer
    is_named: bool = False  # a word for telephones stands before them in the line

    @classmethod
    def of(cls, run: str, *, is_named: bool) -> "Groups":
        """Take a run of digits and gaps apart."""
        parts = tuple(_PART.findall(run))
        return cls(parts, tuple(_PART.split(run)[1:-1]), is_named)

    def between(self, first: int, last: int) -> "Groups":
        """Some of the groups that follow each other."""
        return Groups(self.parts[first:last], self.gaps[first : last - 1], self.is_named)

    @property
    def number(self) -> str:
        """All digits, as one number."""
        return "".join(self.parts).upper()

    @property
    def kind(self) -> Number | None:
        """What the groups are together, or None where nobody writes such a number so."""
        kind = kind_of(self.number)
        sizes = [len(part) for part in self.parts]
        if kind is None or set(sizes) == {1} or not any(gap.isspace() for gap in self.gaps):
            return kind
        return kind if self._is_grouped(kind, tuple(sizes)) else None

    def _is_grouped(self, kind: Number, sizes: tuple[int, ...]) -> bool:
        if kind is Number.ACCOUNT:
            return min(sizes[:-1]) >= FOUR
        if kind is Number.IDENTITY:
            return len(self.number) > OLD_LENGTH or min(sizes) >= THREE
        own = sizes[1:] if self.parts[0] in {"86", "0086"} else sizes
        written = _LANDLINE_GROUPS if self.number.startswith("0") else _MOBILE_GROUPS
        return own in written or (self.is_named and min(own) >= THREE)


def _named(text: str) -> Iterator[tuple[Number, str]]:
    for named in _NAMED.finditer(text):
        number = re.sub(r"\D", "", named[1])
        if kind_of(number) is None:
            yield Number.ACCOUNT, number


def _listed(text: str) -> Iterator[tuple[Number, str]]:
    """Long numbers of a text that speaks of accounts: in a table they stand far from the word."""
    if _ACCOUNTS.search(text):
        runs = (run[0] for run in _LONG.finditer(text))
        yield from ((Number.ACCOUNT, run) for run in runs if kind_of(run) is None)


def _called(text: str) -> Iterator[tuple[Number, str]]:
    """Telephones that a bracket, dots or the word before them tell."""
    for called in _CALLED.finditer(text):
        yield Number.PHONE, re.sub(r"\D", "", called[0])


def _broken(text: str) -> Iterator[tuple[Number, str]]:
    """Numbers that the end of a line cuts: only those whose check digit is right."""
    for run in re.finditer(r"(?<![\dA-Za-z])\d{3,17}\r?\n[ \t]*\d{1,17}[Xx]?(?![\dA-Za-z])", text):
        number = re.sub(r"[^\dXx]", "", run[0]).upper()
        if has_check_digit(number) or (len(number) >= 16 and is_luhn(number)):
            yield (Number.IDENTITY if has_check_digit(number) else Number.ACCOUNT), number


def _boxed(text: str) -> Iterator[tuple[Number, str]]:
    """Numbers of which each digit stands in a box of its own."""
    for run in _BOXES.finditer(text):
        number = re.sub(r"[^\dXx]", "", run[0]).upper()
        if kind := kind_of(number):
            yield kind, number


def _parted(text: str) -> Iterator[tuple[Number, str]]:
    """Identity numbers that stand in the neighbouring cells of a table, part by part."""
    for cells in _CELLS.finditer(text):
        parts = re.findall(r"\d+[Xx]?", cells[0])
        for first in range(len(parts)):
            for last in range(first + 2, min(first + 8, len(parts)) + 1):
                number = "".join(parts[first:last]).upper()
                if has_check_digit(number):
                    yield Number.IDENTITY, number


def kind_of(number: str) -> Number | None:
    """Return what a run of digits is, or None for a number that belongs to nobody."""
    if _IDENTITY.fullmatch(number) or _OLD_IDENTITY.fullmatch(number):
        return Number.IDENTITY
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return Number.PHONE
    if 16 <= len(number) <= 19 and number.isdecimal():
        return Number.ACCOUNT if number.startswith("62") or is_luhn(number) else None
    return None


def has_check_digit(number: str) -> bool:
    """Return whether it is an identity number with the right last digit."""
    return bool(_IDENTITY.fullmatch(number)) and check_character(number[:17]) == number[-1]


def is_luhn(number: str) -> bool:
    """Return whether the last digit of a card's number is right."""
    if not number.isdecimal():
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(number[::-1])]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def masked(number: str) -> str:
    """Return the first three and the last two characters with stars between."""
    return f"{number[:3]}{'*' * max(len(number) - 5, 1)}{number[-2:]}"
