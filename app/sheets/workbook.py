"""The signed form (点评单): a workbook that carries one-time keys, and is taken only unchanged.

Whatever the portal wrote into a row, shown or hidden, is under an HMAC: whoever fills in the form
changes nothing but stars, words and the fact. Pure but for the words of its heads.
"""

import hashlib
import hmac
import io
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.archives import BROKEN, MIB, unpacked_workbook
from app.errors import Invalid
from app.reviews.rating import NewReview

MARK = "review-form/v1"
MOST_BYTES, MOST_UNPACKED = 2 * MIB, 64 * MIB
MOST_ROWS = 500
NAME_ROW, HEAD_ROW = 2, 3  # counted from nought: where the name stands, and the heads
SHOWN = 5  # columns that say what is rated
STRANGE = (*BROKEN, AttributeError, LookupError, SyntaxError, TypeError, ValueError)
NOT_APPLICABLE = frozenset({"不适用", "N/A", "n/a", "NA"})


@dataclass(frozen=True)
class Row:
    """One invitation in the form: what is shown of it, what is asked, and its key."""

    shown: Sequence[str]  # engagement code and name, agency, party, last day
    dimensions: Sequence[tuple[int, str]]  # what is asked: id and name
    token: str


@dataclass(frozen=True)
class Filled:
    """One row as it came back: its number in the sheet, its key and its answer, if there is one."""

    number: int
    token: str
    answer: NewReview | None


class ChangedForm(Invalid):
    """A form whose own cells were changed, or that isn't one of ours."""


def signature(secret: bytes, row: Row) -> str:
    """HMAC-SHA-256 over everything that the portal wrote into a row, in hex."""
    told = [
        MARK,
        [text.strip() for text in row.shown],
        [[key, name] for key, name in row.dimensions],
        row.token,
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(_key(secret), text.encode(), hashlib.sha256).hexdigest()


def answer_mark(secret: bytes, token: str, answer: NewReview) -> str:
    """What is kept of an answer, so that the same form sent again is known; it tells nothing."""
    stars = sorted((key, star or 0) for key, star in answer.stars.items())
    text = json.dumps([MARK, token, stars, answer.words, answer.fact], ensure_ascii=False)
    return hmac.new(_key(secret), text.encode(), hashlib.sha256).hexdigest()


def _key(secret: bytes) -> bytes:
    return hmac.new(secret, MARK.encode(), hashlib.sha256).digest()


def written(secret: bytes, rows: Sequence[Row], *, title: str, unit: str, address: str) -> bytes:
    """Return the workbook: a row for each invitation, locked but for what is to be filled in.

    It tells the address of the page where it is sent back: whoever fills it in has no other.
    """
    import xlsxwriter  # late: only exports pay for it

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    names = _columns(rows)
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(_("Review form"))
        looks = _Looks(book)
        _write_top(page, looks, names, (f"{title} · {unit}", f"{_guide()} {address}"))
        for place, row in enumerate(rows, HEAD_ROW + 1):
            _write_row(page, looks, place, _Placed(row, names, signature(secret, row)))
        last = SHOWN + len(names) + 2
        page.set_column(0, SHOWN - 1, 18)
        page.set_column(SHOWN, SHOWN + len(names) - 1, 12)
        page.set_column(SHOWN + len(names), last - 1, 36)
        page.set_column(last, last + 2, 10, None, {"hidden": True})
        page.protect("", {"format_columns": False, "format_rows": True})
        page.freeze_panes(HEAD_ROW + 1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
    return out.getvalue()


def _columns(rows: Sequence[Row]) -> list[str]:
    """All dimensions that some row asks, once each, in order."""
    return list(dict.fromkeys(name for row in rows for _key, name in row.dimensions))


@dataclass(frozen=True)
class _Placed:
    """A row with the columns of the whole sheet, and its signature."""

    row: Row
    names: Sequence[str]
    signature: str


class _Looks:
    """The formats of the form: what is locked, what is to be filled in."""

    def __init__(self, book: Any) -> None:
        edge = {"border": 1, "border_color": "#BFBFBF", "text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {**edge, "bold": True, "bg_color": "#1F3A68", "font_color": "#FFFFFF"}
        )
        self.told = book.add_format({**edge, "bg_color": "#F3F5F8"})
        self.asked = book.add_format({**edge, "locked": False})
        self.hint = book.add_format({"font_color": "#5B6675", "text_wrap": True})


def _write_top(page: Any, looks: _Looks, names: Sequence[str], told: tuple[str, str]) -> None:
    page.write_string(0, 0, told[0], looks.title)
    page.write_string(1, 0, told[1], looks.hint)
    page.write_string(NAME_ROW, 0, _("Filled in by"), looks.head)
    page.write_blank(NAME_ROW, 1, None, looks.asked)
    heads = [_("Engagement no."), _("Engagement"), _("Agency"), _("You rate as"), _("Last day")]
    heads += [*names, _("Comment"), _("Paper or stage that one star speaks of")]
    for column, head in enumerate(heads):
        page.write_string(HEAD_ROW, column, head, looks.head)


def _guide() -> str:
    return _(
        "Choose 1 to 5 or 不适用 (not applicable) in every column; leave a row empty to rate it"
        " later. 1, 2 and 5 need a comment; 1 needs the paper or stage that it speaks of."
        " Save and upload the file on the page that you got with it."
    )


def _write_row(page: Any, looks: _Looks, place: int, told: _Placed) -> None:
    row, asked = told.row, {name for _id, name in told.row.dimensions}
    for column, text in enumerate(row.shown):
        page.write_string(place, column, text, looks.told)
    for column, name in enumerate(told.names, SHOWN):
        page.write_blank(place, column, None, looks.asked if name in asked else looks.told)
        if name in asked:
            listed = {"validate": "list", "source": ["1", "2", "3", "4", "5", "不适用"]}
            page.data_validation(place, column, place, column, listed)
    free = SHOWN + len(told.names)
    for column in (free, free + 1):
        page.write_blank(place, column, None, looks.asked)
    hidden = json.dumps([[key, name] for key, name in row.dimensions], ensure_ascii=False)
    for column, text in enumerate((row.token, hidden, told.signature), free + 2):
        page.write_string(place, column, text)


def read(secret: bytes, data: bytes) -> tuple[str, list[Filled]]:
    """Return the name and the rows of a form; ChangedForm where any of its own cells changed."""
    try:
        lines = _lines(data)
    except (Invalid, *STRANGE) as error:
        raise ChangedForm(_("This is no review form of this portal")) from error
    if len(lines) <= HEAD_ROW or len(lines) > MOST_ROWS + HEAD_ROW + 1:
        raise ChangedForm(_("This is no review form of this portal"))
    name = _text(lines[NAME_ROW][1]) if len(lines[NAME_ROW]) > 1 else ""
    heads = [_text(cell) for cell in lines[HEAD_ROW]]
    filled = [
        _filled(secret, heads, line, number)
        for number, line in enumerate(lines[HEAD_ROW + 1 :], HEAD_ROW + 2)
        if any(_text(cell) for cell in line)
    ]
    return name, filled


def _lines(data: bytes) -> list[tuple[Any, ...]]:
    import openpyxl

    if len(data) > MOST_BYTES or unpacked_workbook(data, MOST_UNPACKED) > MOST_UNPACKED:
        raise ValueError("too large")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of styles that it doesn't know
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    page = book.worksheets[0]
    return list(page.iter_rows(values_only=True, max_row=MOST_ROWS + HEAD_ROW + 2, max_col=60))


def _filled(secret: bytes, heads: Sequence[str], line: Sequence[Any], number: int) -> Filled:
    """Check one row against its signature, and read what was filled in."""
    free = SHOWN + _count(line)
    try:
        token, hidden, signed = (_text(cell) for cell in line[free + 2 : free + 5])
        asked = [(int(key), str(name)) for key, name in json.loads(hidden)]
    except STRANGE as error:
        raise _changed(number) from error
    row = Row([_text(cell) for cell in line[:SHOWN]], asked, token)
    if not hmac.compare_digest(signature(secret, row).encode(), signed.encode()):
        raise _changed(number)
    columns = {name: column for column, name in enumerate(heads) if column >= SHOWN}
    if any(name not in columns for _key, name in asked):
        raise _changed(number)
    given = {key: _text(line[columns[name]]) for key, name in asked}
    words, fact = _text(line[free]), _text(line[free + 1])
    if not any(given.values()) and not words and not fact:
        return Filled(number, token, None)
    return Filled(number, token, NewReview(_stars(given, number), words, fact))


def _count(line: Sequence[Any]) -> int:
    """How many columns of stars there are: the three hidden cells are the last of the row."""
    last = max((place for place, cell in enumerate(line) if _text(cell)), default=0)
    return max(0, last - 4 - SHOWN)


def _changed(number: int) -> ChangedForm:
    words = _("Row %(number)s was changed in its own cells; nothing of the form was taken")
    return ChangedForm(words % {"number": number})


def _stars(given: dict[int, str], number: int) -> dict[int, int | None]:
    stars: dict[int, int | None] = {}
    for key, text in given.items():
        if text in NOT_APPLICABLE:
            stars[key] = None
        elif text in {"1", "2", "3", "4", "5"}:
            stars[key] = int(text)
        else:
            words = _("Row %(number)s: choose 1 to 5, or not applicable, in every column")
            raise Invalid(words % {"number": number})
    return stars


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
