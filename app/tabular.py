"""A table that came as a workbook, read cell by cell; every fault is told by row and column."""

import io
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from itertools import chain, islice
from typing import Any
from unicodedata import normalize

from flask_babel import lazy_gettext as _

from app.archives import BROKEN, MIB, unpacked_workbook
from app.clock import FIRST_DAY, LAST_DAY
from app.errors import Invalid, Words

MOST_BYTES = 2 * MIB
MOST_UNPACKED = 64 * MIB
MOST_TOLD = 1000  # cells that are wrong: whoever sent more has another workbook to send
HEAD_ROWS = 10  # a title or two may stand above the heads
# What the library raises on a file that is no workbook.
STRANGE = (*BROKEN, AttributeError, LookupError, SyntaxError, TypeError, ValueError)


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    WHOLE = "whole"
    DECIMAL = "decimal"


@dataclass(frozen=True)
class Column:
    """A column: the heads it is known by, what it holds, whether a row may leave it empty.

    `most` is the longest text, or the greatest number.
    """

    heads: tuple[str, ...]
    kind: Kind = Kind.TEXT
    needed: bool = True
    most: int = 200


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, by the row's number and the column's letter as Excel has them."""

    row: int
    column: str
    words: Words


class FaultyTable(Invalid):
    """A workbook with cells that break a rule; nothing of it is kept."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        words = _("The workbook can't be taken as it is; nothing was saved")
        if len(faults) >= MOST_TOLD:
            words = _(
                "Nothing was saved; %(n)s cells and more are wrong, the first ones are listed",
                n=MOST_TOLD,
            )
        super().__init__(words)
        self.faults = list(faults[:MOST_TOLD])


@dataclass(frozen=True)
class Line:
    """One row: its number in the workbook and its values by column name; empty cells are None."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows of a workbook's first sheet, and the letter of each column."""

    lines: Collection[Line]
    letters: Mapping[str, str]

    def fault(self, line: Line, column: str, words: Words) -> CellFault:
        """A fault of a row as the reader finds it in the workbook."""
        return CellFault(line.number, self.letters.get(column, "A"), words)


def read(data: bytes, columns: Mapping[str, Column], most_rows: int = 500) -> Table:
    """Read the first sheet; FaultyTable names each cell that can't be taken.

    Columns are known by the words of their heads, in any order; rows without a value are passed
    over. Formulas are refused, for what they show may not be what the sender saw.
    """
    table, faults = read_all(data, columns, most_rows)
    if faults:
        raise FaultyTable(faults)
    return table


def read_all(
    data: bytes, columns: Mapping[str, Column], most_rows: int = 500
) -> tuple[Table, list[CellFault]]:
    """Read the first sheet as `read` does, but hand back the faults beside the rows without any.

    For whoever has more to say about the rows, so that a sender hears of everything at once.
    """
    letters, judged = judged_rows(data, columns, most_rows)
    found = list(judged)
    check_count(len(found), most_rows)
    faults = [fault for _line, wrong in found for fault in wrong]
    return Table([line for line, wrong in found if not wrong], letters), faults


def check_count(rows: int, most_rows: int) -> None:
    """A workbook has rows, and no more than it may have."""
    if not rows:
        raise Invalid(_("The workbook has no rows below its heads"))
    if rows > most_rows:
        raise Invalid(_("At most %(n)s rows at once", n=most_rows))


def read_sheet(
    data: bytes, name: str, columns: Mapping[str, Column], most_rows: int = 500
) -> tuple[Table, list[CellFault]]:
    """Read one sheet by its name; one that is missing or empty has no rows.

    The faults name the sheet beside the column.
    """
    rows = list(_rows(data, most_rows, name))
    if not rows:
        return Table([], {}), []
    letters, judged = _judged(rows, columns)
    found = list(judged)
    if found:
        check_count(len(found), most_rows)
    named = {key: f"{name} {letter}" for key, letter in letters.items()}
    faults = [fault for _line, wrong in found for fault in wrong]
    told = [CellFault(one.row, f"{name} {one.column}", one.words) for one in faults]
    return Table([line for line, wrong in found if not wrong], named), told


Judged = tuple[Mapping[str, str], Iterator[tuple[Line, list[CellFault]]]]


def judged_rows(data: bytes, columns: Mapping[str, Column], most_rows: int) -> Judged:
    """The letters of the first sheet's columns, and one by one its rows with what is wrong."""
    return _judged(_rows(data, most_rows), columns)


def has_more_rows(data: bytes, rows: int) -> bool:
    """Whether the first sheet has more rows than these; no more of it is read than that."""
    return any(number > rows for number, _cells in _rows(data, rows))


def _judged(rows: Iterable[tuple[int, Sequence[Any]]], columns: Mapping[str, Column]) -> Judged:
    cells_of = iter(rows)
    first = list(islice(cells_of, HEAD_ROWS))
    start, places = _heads(first, columns)
    letters = {name: chr(ord("A") + place) for name, place in places.items()}
    return letters, _lines(chain(first[start:], cells_of), columns, places, letters)


def _lines(
    rows: Iterable[tuple[int, Sequence[Any]]],
    columns: Mapping[str, Column],
    places: Mapping[str, int],
    letters: Mapping[str, str],
) -> Iterator[tuple[Line, list[CellFault]]]:
    for number, cells in rows:
        told = {name: cells[at] for name, at in places.items() if at < len(cells)}
        if all(getattr(cell, "value", None) in (None, "") for cell in told.values()):
            continue
        values, wrong = _line(told, columns)
        table, line = Table((), letters), Line(number, values)
        yield line, [table.fault(line, name, words) for name, words in wrong]


def _line(
    told: Mapping[str, Any], columns: Mapping[str, Column]
) -> tuple[dict[str, Any], list[tuple[str, Words]]]:
    values, wrong = dict.fromkeys(columns), list[tuple[str, Words]]()
    for name, column in columns.items():
        try:
            values[name] = _value(told.get(name), column)
        except Invalid as error:
            wrong.append((name, error.message))
    return values, wrong


def _value(cell: Any, column: Column) -> Any:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        raise Invalid(_("Formulas aren't taken; enter the value"))
    if value is None or (isinstance(value, str) and not value.strip()):
        if column.needed:
            raise Invalid(_("This cell is empty"))
        return None
    return _READERS[column.kind](value, column)


def _text(value: Any, column: Column) -> str:
    if isinstance(value, float):
        value = f"{Decimal(repr(value)).normalize():f}"
    text = str(value).strip()
    if len(text) > column.most:
        raise Invalid(_("At most %(n)s characters", n=column.most))
    return text


def _day(value: Any, _column: Column) -> date:
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        plain = normalize("NFKC", str(value)).strip()
        for mark in "年月/.":
            plain = plain.replace(mark, "-")
        try:
            value = datetime.strptime(plain.rstrip("日"), "%Y-%m-%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            raise Invalid(_("This isn't a day; write it as 2026-03-02")) from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"))
    return value


def _decimal(value: Any, column: Column) -> Decimal:
    try:
        number = Decimal(normalize("NFKC", str(value)).strip().replace(",", ""))
    except InvalidOperation:
        raise Invalid(_("This isn't a number")) from None
    if not number.is_finite() or not 0 <= number <= column.most:
        raise Invalid(_("Enter a number from 0 to %(n)s", n=column.most))
    return number


def _whole(value: Any, column: Column) -> int:
    number = _decimal(value, column)
    if number != number.to_integral_value():
        raise Invalid(_("Enter a whole number"))
    return int(number)


_READERS = {Kind.TEXT: _text, Kind.DAY: _day, Kind.WHOLE: _whole, Kind.DECIMAL: _decimal}


def _rows(data: bytes, most_rows: int, name: str = "") -> Iterator[tuple[int, Sequence[Any]]]:
    """The cells of the first sheet, or of a named one, row by row, of a file that is no bomb."""
    if len(data) > MOST_BYTES or unpacked_workbook(data, MOST_UNPACKED) > MOST_UNPACKED:
        raise Invalid(_("The workbook is too large"))
    from openpyxl import load_workbook  # late: only imports pay for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that aren't read
        try:
            book = load_workbook(io.BytesIO(data), read_only=True)
            if name and name not in book.sheetnames:
                return
            sheet = book[name] if name else book.worksheets[0]
            rows = sheet.iter_rows(max_row=HEAD_ROWS + most_rows + 100, max_col=20)
            yield from enumerate((tuple(row) for row in rows), start=1)
        except STRANGE as error:
            raise Invalid(_("This isn't an Excel workbook (XLSX) that can be read")) from error


def _heads(
    rows: Sequence[tuple[int, Sequence[Any]]], columns: Mapping[str, Column]
) -> tuple[int, dict[str, int]]:
    """Where the rows begin, and the place of each column."""
    for place, (_number, cells) in enumerate(rows[:HEAD_ROWS]):
        texts = [str(getattr(cell, "value", "") or "").strip().casefold() for cell in cells]
        found = {
            name: texts.index(head.casefold())
            for name, column in columns.items()
            for head in reversed(column.heads)
            if head.casefold() in texts
        }
        if all(name in found for name, column in columns.items() if column.needed):
            return place + 1, found
    wanted = "、".join(column.heads[0] for column in columns.values() if column.needed)
    raise Invalid(_("The heads %(heads)s weren't found in the first rows", heads=wanted))
