"""The index number (索引号) of a paper: a class A to J, a dash, a number or an indicator."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.errors import Invalid
from app.papers.models import IndexClass

LONGEST = 20
_FORM = re.compile(r"([A-J])-([0-9]{1,4}|[A-Z][0-9]{1,3}(?:-[0-9]{1,3})?)")
_WIDE = str.maketrans(
    {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {"–": "-", "—": "-", "‐": "-"}
)


@dataclass(frozen=True)
class IndexNumber:
    """A checked index number."""

    index_class: IndexClass
    text: str


def mended(typed: str) -> str:
    """The same letters at the same places, narrow ones for full-width ones."""
    return typed.translate(_WIDE)


def read(typed: str) -> IndexNumber:
    """Read `C-07`, `G-B21` or `G-B21-2`; full-width letters, small letters and dashes are mended.

    A plain number is written with at least two digits, so that `C-7` and `C-07` are the same.
    """
    text = mended(typed).replace(" ", "").upper()
    found = _FORM.fullmatch(text)
    if not found or len(text) > LONGEST:
        raise Invalid(
            _("An index number is a class A to J, a dash and a number or indicator: C-07, G-B21")
        )
    rest = f"{int(found[2]):02d}" if found[2].isdigit() else found[2]
    return IndexNumber(IndexClass(found[1]), f"{found[1]}-{rest}")


def next_of(index_class: IndexClass, taken: Iterable[str]) -> str:
    """Suggest the number after the highest of its class; gaps stay, for they were somebody's."""
    plain = re.compile(rf"{index_class}-([0-9]+)")
    numbers = (int(found[1]) for text in taken if (found := plain.fullmatch(text)))
    return f"{index_class}-{max(numbers, default=0) + 1:02d}"
