"""The parts of a document's text: pure, the same for DOCX and PDF.

A line is a paragraph; one that begins with 一、 is a heading, with （一） a lower one; lines with |
are rows of a table, the first of them its head.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Literal, Protocol

HEADING = re.compile(r"[一二三四五六七八九十]+、")
LOWER = re.compile(r"（[一二三四五六七八九十]+）")
PLACE = re.compile(r"\{([^{}\n]{1,20})\}")

Sort = Literal["address", "heading", "lower", "text", "table"]


@dataclass(frozen=True)
class Part:
    """A paragraph, or a table of rows."""

    sort: Sort
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


class Told(Protocol):
    """What is printed of a document."""

    @property
    def issuer(self) -> str: ...
    @property
    def document_no(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def copies(self) -> str: ...
    @property
    def dated_on(self) -> date: ...


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in their places; a place without a value stays, to be seen and filled by hand."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def parts_of(body: str) -> Iterator[Part]:
    """The paragraphs and tables of a text, in their order; empty lines fall away."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    first = True
    for is_table, group in groupby(lines, lambda line: "|" in line):
        if is_table:
            rows = [[cell.strip() for cell in line.split("|")] for line in group]
            width = max(map(len, rows))
            yield Part("table", rows=[[*row, *[""] * (width - len(row))] for row in rows])
        else:
            for line in group:
                yield Part(_sort(line, first=first), line)
                first = False


def _sort(line: str, *, first: bool) -> Sort:
    if first and line.endswith(("：", ":")):
        return "address"
    if HEADING.match(line):
        return "heading"
    return "lower" if LOWER.match(line) else "text"


def day_in_words(day: date) -> str:
    """The day as documents have it: Arabic figures, without leading noughts (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def digest(told: Told) -> str:
    """The SHA-256 of everything that is printed."""
    whole = (told.issuer, told.document_no, told.title, told.body, told.copies)
    text = "\n".join([*whole, told.dated_on.isoformat()])
    return hashlib.sha256(text.encode()).hexdigest()
