"""Tables as files: CSV and XLSX that no spreadsheet takes for formulas, and their names."""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal
from unicodedata import east_asian_width, normalize
from urllib.parse import quote

from app.clock import SHANGHAI

Cell = str | int | float | Decimal | date | datetime | None

CSV_MIME = "text/csv; charset=utf-8"
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATE_FORMAT = "yyyy-mm-dd"
TIME_FORMAT = "yyyy-mm-dd hh:mm"
YUAN = "#,##0.00"
MAX_CELL = 32_767  # characters in one cell of XLSX
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BAD_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title above, column heads, rows, and for a column its number format or width.

    `formats` maps the place of a column to an Excel number format, `widths` to its characters;
    a column without a width takes that of its longest text, between 6 and 60.
    """

    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    title: str = ""
    formats: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    widths: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))


def to_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV: UTF-8 with BOM, CRLF, and no text that a spreadsheet would run.

    A text that begins like a formula gets an apostrophe before it; numbers stay numbers.
    Moments are written in Shanghai's time.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_as_text(head) for head in headers])
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Mapping[str, Sheet]) -> bytes:
    """Return sheets as one workbook, ready to print: A4 landscape, fit to width, heads repeated.

    Text is always text, whatever it begins with. A whole number of more than 15 digits is
    written as text too, since a spreadsheet would round it.
    """
    import xlsxwriter  # late: only exports pay for it

    out = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        styles = Styles(book)
        for name, sheet in zip(_sheet_names(sheets), sheets.values(), strict=True):
            _write_sheet(book.add_worksheet(name), sheet, styles)
    return out.getvalue()


def content_disposition(name: str, how: Literal["attachment", "inline"] = "attachment") -> str:
    """Return the header that saves a file under its name, Chinese included (RFC 6266, 5987)."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = re.sub(r'[^\w .()+,@-]|["\\%;]', "_", plain).rpartition(".")
    fallback = f"{stem.strip(' ._-') or 'file'}{dot}{ending}" if dot else ending.strip() or "file"
    exact = quote(name.encode(errors="replace"), safe="")
    return f"{how}; filename=\"{fallback}\"; filename*=UTF-8''{exact}"


def guarded(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula when it opens a CSV."""
    clean = _CONTROLS.sub("", text)
    return f"'{clean}" if clean.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) else clean


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local(cell).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return guarded(cell) if isinstance(cell, str) else str(cell)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    return at.astimezone(SHANGHAI)


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[str, Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "valign": "vcenter"})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#1F3A68", "font_color": "#FFFFFF", "border": 1}
            | {"text_wrap": True, "valign": "vcenter", "align": "center"}
        )

    def of(self, number_format: str) -> Any:
        """Return the format of a body cell."""
        if number_format not in self.made:
            body = {"border": 1, "border_color": "#BFBFBF", "valign": "top", "text_wrap": True}
            told = {"num_format": number_format} if number_format else {}
            self.made[number_format] = self.book.add_format(body | told)
        return self.made[number_format]


def _sheet_names(names: Iterable[str]) -> list[str]:
    """Make names that a workbook takes: 31 characters, no forbidden marks, no two alike."""
    made: list[str] = []
    for name in names:
        stem = _CONTROLS.sub("", _BAD_SHEET_NAME.sub(" ", name)).strip(" '")[:31] or "Sheet"
        number, taken = 1, {other.casefold() for other in made}
        unique = stem
        while unique.casefold() in taken:
            number += 1
            unique = f"{stem[: 30 - len(str(number))]} {number}"
        made.append(unique)
    return made


def _write_sheet(page: Any, sheet: Sheet, styles: Styles) -> None:
    top = 1 if sheet.title else 0
    if sheet.title:
        page.write_string(0, 0, _fitting(sheet.title), styles.title)
    widths = [width_of(head) for head in sheet.headers]
    for column, head in enumerate(sheet.headers):
        page.write_string(top, column, _fitting(str(head)), styles.head)
    row = top
    for row, cells in enumerate(sheet.rows, start=top + 1):
        for column, cell in enumerate(cells):
            told = _write_cell(
                page, (row, column), cell, styles.of(_format_of(sheet, column, cell))
            )
            widths[column] = max(widths[column], width_of(told))
    for column, width in enumerate(widths):
        page.set_column(column, column, sheet.widths.get(column, min(max(width + 2, 6), 60)))
    page.autofilter(top, 0, row, len(sheet.headers) - 1)
    _set_print(page, top)


def _set_print(page: Any, head_row: int) -> None:
    page.freeze_panes(head_row + 1, 0)
    page.repeat_rows(head_row)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _format_of(sheet: Sheet, column: int, cell: Cell) -> str:
    if isinstance(cell, datetime):
        return sheet.formats.get(column, TIME_FORMAT)
    if isinstance(cell, date):
        return sheet.formats.get(column, DATE_FORMAT)
    return "" if isinstance(cell, str) else sheet.formats.get(column, "")


def _write_cell(page: Any, place: tuple[int, int], cell: Cell, style: Any) -> str:
    """Write one cell by its type, and return its text for the width of the column."""
    if cell is None:
        page.write_blank(*place, None, style)
        return ""
    if isinstance(cell, datetime):
        page.write_datetime(*place, _local(cell), style)
        return TIME_FORMAT
    if isinstance(cell, date):
        page.write_datetime(*place, cell, style)
        return DATE_FORMAT
    if isinstance(cell, int | float | Decimal) and _is_exact(cell):
        page.write_number(*place, float(cell), style)
        return f"{cell:,.2f}"
    text = _fitting(str(cell))
    page.write_string(*place, text, style)
    return text


def _is_exact(number: int | float | Decimal) -> bool:
    """Tell whether a spreadsheet can hold a number: finite, no more than 15 digits."""
    if isinstance(number, int):
        return abs(number) < 10**EXACT_DIGITS
    return math.isfinite(number)


def _fitting(text: str) -> str:
    clean = _CONTROLS.sub("", text)
    return clean if len(clean) <= MAX_CELL else f"{clean[: MAX_CELL - 1]}…"


def width_of(text: str) -> int:
    """Count half-widths of the longest line; a Chinese character is two."""
    lines = str(text).splitlines() or [""]
    return max(sum(2 if east_asian_width(c) in "WF" else 1 for c in line[:80]) for line in lines)
