"""Indicators as a workbook: written for people, read back cell by cell."""

import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.archives import BROKEN, MIB, unpacked_workbook
from app.errors import Invalid, Words
from app.exporting import Cell, Sheet, to_xlsx
from app.indicators.labels import level1_label
from app.indicators.models import Indicator, IndicatorSystem
from app.indicators.rows import MOST_ROWS, Row

MOST_BYTES = 2 * MIB
MOST_UNPACKED = 64 * MIB
POINTS = "0.##"
HEAD_ROWS = 10  # a title or two may stand above the heads
# Heads by which a column is known, in both languages and as bureaus write them.
HEADS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "指标编码", "代码", "Code"),
    "level1": ("一级指标", "Level 1"),
    "level2": ("二级指标", "Level 2"),
    "name": ("三级指标", "指标名称", "Level 3"),
    "check_point": ("核查要点", "Check point"),
    "points": ("分值", "标准分值", "权重", "Points"),
    "standard": ("评分标准", "扣分规则", "Scoring standard"),
}
NEEDED = ("level1", "level2", "name", "points")
# What the library raises on a file that is no workbook.
STRANGE = (*BROKEN, AttributeError, LookupError, SyntaxError, TypeError)
SUMS = frozenset({"合计", "总计", "总分", "Total"})


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, by the row's number and the column's letter as Excel has them."""

    row: int
    column: str
    words: Words


class FaultyWorkbook(Invalid):
    """A workbook with cells that break a rule; nothing of it is kept."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        super().__init__(_("The workbook can't be taken as it is; nothing was saved"))
        self.faults = faults


@dataclass(frozen=True)
class Reading:
    """The rows of a workbook, and where each stands: row numbers and column letters."""

    rows: list[Row]
    numbers: list[int]
    letters: dict[str, str]

    def fault(self, place: int, column: str, words: Words) -> CellFault:
        """A fault of a row as the reader finds it in the workbook."""
        number = self.numbers[min(place, len(self.numbers) - 1)]
        return CellFault(number, self.letters.get(column, "A"), words)


def system_sheets(system: IndicatorSystem) -> bytes:
    """The indicators of a version, to be edited and imported again."""
    rows = [
        (one.code, one.level1, one.level2, one.name, one.check_point, one.points, one.standard)
        for one in system.indicators
    ]
    heads = [gettext("Code"), gettext("Level 1"), gettext("Level 2"), gettext("Level 3")]
    heads += [gettext("Check point"), gettext("Points"), gettext("Scoring standard")]
    sheet = Sheet(heads, rows, formats={5: POINTS}, widths={6: 60})
    return to_xlsx({gettext("System of indicators"): sheet})


def score_sheets(system: IndicatorSystem, last: Sequence[Cell]) -> bytes:
    """The scoring sheet of a version with its sum below."""
    heads = [gettext("Code"), gettext("Level 1"), gettext("Indicator"), gettext("Check point")]
    heads += [gettext("Points"), gettext("Before the check"), gettext("After the check")]
    heads += [gettext("Why it was adjusted"), gettext("Why points were deducted")]
    heads.append(gettext("Evidence"))
    rows: list[Sequence[Cell]] = [_scored(one) for one in system.indicators]
    formats = {4: POINTS, 5: POINTS, 6: POINTS}
    sheet = Sheet(heads, [*rows, last], formats=formats)
    return to_xlsx({gettext("Scoring sheet"): sheet})


def _scored(one: Indicator) -> tuple[Cell, ...]:
    numbers = " ".join(paper.index_no for paper in one.evidence)
    named = (one.code, str(level1_label(one.level1)), one.name, one.check_point)
    points = (one.points, one.score_before, one.score_after)
    return (*named, *points, one.adjustment, one.deduction, numbers)


def digest(data: bytes) -> str:
    """The SHA-256 of the file, for the log."""
    return hashlib.sha256(data).hexdigest()


def read(data: bytes) -> Reading:
    """Read the rows of the first sheet; FaultyWorkbook names each cell that can't be read.

    Heads are known by their words. An empty first or second level is that of the row above, as
    merged cells leave it; the table ends at a sum. Formulas are refused, for what they show may
    not be what the sender saw.
    """
    lines = list(_cells(data))
    start, columns = _heads(lines)
    letters = {column: _letter(place) for column, place in columns.items()}
    reading, faults = Reading([], [], letters), list[CellFault]()
    above = Row("", "", "", Decimal(0))
    for number, cells in lines[start:]:
        told = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        texts = {name: _text(cell) for name, cell in told.items()}
        if SUMS & {texts.get("code"), texts.get("level1")}:
            break
        if not any(texts.values()):
            continue
        reading.numbers.append(number)
        row, wrong = _row(texts, told, above)
        faults += [CellFault(number, letters[column], words) for column, words in wrong]
        reading.rows.append(row)
        above = row
    if faults:
        raise FaultyWorkbook(faults)
    if not reading.rows:
        raise Invalid(_("The workbook has no rows below its heads"))
    return reading


def _row(
    texts: dict[str, str], cells: dict[str, Any], above: Row
) -> tuple[Row, list[tuple[str, Words]]]:
    wrong: list[tuple[str, Words]] = [
        (name, _("Formulas aren't taken; enter the value"))
        for name, cell in cells.items()
        if getattr(cell, "data_type", "") == "f"
    ]
    points = Decimal(0)
    if not any(name == "points" for name, _words in wrong):
        try:
            points = Decimal(normalize("NFKC", texts.get("points", "")))
        except InvalidOperation:
            wrong.append(("points", _("This isn't a number")))
    rest: dict[str, Any] = {name: text for name, text in texts.items() if name != "points"}
    row = replace(above, code="", name="", check_point="", standard="", points=points)
    kept = {name: text for name, text in rest.items() if text or name not in {"level1", "level2"}}
    return replace(row, **{**kept, "code": normalize("NFKC", rest.get("code", "")).upper()}), wrong


def _cells(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """The cells of the first sheet, row by row, of a file that is no bomb."""
    if len(data) > MOST_BYTES or unpacked_workbook(data, MOST_UNPACKED) > MOST_UNPACKED:
        raise Invalid(_("The workbook is too large for a table of indicators"))
    from openpyxl import load_workbook  # late: only imports pay for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that aren't read
        try:
            book = load_workbook(io.BytesIO(data), read_only=True)
            rows = book.worksheets[0].iter_rows(max_row=HEAD_ROWS + MOST_ROWS + 100, max_col=20)
            yield from enumerate((tuple(row) for row in rows), start=1)
        except STRANGE as error:
            raise Invalid(_("This isn't an Excel workbook (XLSX) that can be read")) from error


def _heads(lines: Sequence[tuple[int, Sequence[Any]]]) -> tuple[int, dict[str, int]]:
    """Where the rows begin, and the column of each head."""
    for place, (_number, cells) in enumerate(lines[:HEAD_ROWS]):
        texts = [_text(cell) for cell in cells]
        columns = {name: at for name, words in HEADS.items() if (at := _find(texts, words)) >= 0}
        if all(name in columns for name in NEEDED):
            return place + 1, columns
    raise Invalid(
        _("The heads 一级指标, 二级指标, 三级指标 and 分值 weren't found in the first rows")
    )


def _find(texts: Sequence[str], words: Iterable[str]) -> int:
    known = {word.casefold() for word in words}
    return next((place for place, text in enumerate(texts) if text.casefold() in known), -1)


def _text(cell: Any) -> str:
    """A cell's value as text, a number as Excel shows it."""
    value = getattr(cell, "value", None)
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return "" if value is None else str(value).strip()


def _letter(place: int) -> str:
    return chr(ord("A") + place)
