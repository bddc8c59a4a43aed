"""A ratings file, CSV, read into numbers and codes; what is wrong is said with its line."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.rankings.mixed.terms import CannotFit, Codes, Floats

KINDS = 60  # a fixed column with more values than this isn't a kind of anything


@dataclass(frozen=True)
class Table:
    """n ratings: stars (n,); for each factor its codes (n,) and the words of its levels (q,)."""

    stars: Floats
    codes: dict[str, Codes]
    levels: dict[str, list[str]]
    columns: Floats | None  # (n, p), 1 where a fixed column has the named value
    named: tuple[str, ...]  # (p,) "column=value"


def read_file(
    path: Path, *, rating: str, factors: dict[str, str], fixed: Sequence[str] = ()
) -> Table:
    """Read a CSV with a head line, UTF-8 or GB 18030.

    factors: name -> column. Fixed columns are kinds: each value but the first (in order) gets a
    column of its own. Raises CannotFit naming the column or line that is at fault.
    """
    wanted = [rating, *factors.values(), *fixed]
    cells = _cells(_words(path), wanted)
    stars = _numbers(cells[rating], rating)
    codes, levels = {}, {}
    for name, column in factors.items():
        levels[name], codes[name] = _coded(cells[column], column)
    blocks, named = [], []
    for column in fixed:
        values, found = _coded(cells[column], column)
        if len(values) > KINDS:
            raise CannotFit(f"column {column!r} has {len(values)} different values: not a kind")
        blocks.append((found[:, None] == np.arange(1, len(values))).astype(np.float64))
        named += [f"{column}={value}" for value in values[1:]]
    return Table(stars, codes, levels, np.hstack(blocks) if blocks else None, tuple(named))


def _words(path: Path) -> str:
    raw = path.read_bytes()
    for coding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    raise CannotFit("the file is neither UTF-8 nor GB 18030")


def _cells(words: str, wanted: Sequence[str]) -> dict[str, list[str]]:
    try:
        head, *lines = list(csv.reader(words.splitlines(), strict=True)) or [[]]
    except csv.Error as error:
        raise CannotFit(f"the file isn't a CSV: {error}") from error
    for column in wanted:
        if head.count(column) != 1:
            said = "twice" if column in head else "not"
            raise CannotFit(f"column {column!r} is {said} in the head line: {', '.join(head)}")
    lines = [line for line in lines if line]
    for place, line in enumerate(lines):
        if len(line) != len(head):
            raise CannotFit(f"rating {place + 1} has {len(line)} cells, the head line {len(head)}")
    if not lines:
        raise CannotFit("the file has no ratings")
    return {column: [line[head.index(column)].strip() for line in lines] for column in wanted}


def _numbers(cells: list[str], column: str) -> Floats:
    numbers = np.empty(len(cells))
    for place, cell in enumerate(cells):
        try:
            numbers[place] = float(cell)
        except ValueError:
            raise _at_fault(place, column, f"not a number: {cell!r}") from None
    for place in np.flatnonzero(~np.isfinite(numbers)).tolist():
        raise _at_fault(place, column, f"not a number: {cells[place]!r}")
    return numbers


def _coded(cells: list[str], column: str) -> tuple[list[str], Codes]:
    if "" in cells:
        raise _at_fault(cells.index(""), column, "empty")
    values = sorted(set(cells), key=_order)
    places = {value: place for place, value in enumerate(values)}
    return values, np.array([places[cell] for cell in cells], dtype=np.intp)


def _order(value: str) -> tuple[bool, int, str]:
    """Whole numbers by size, before words."""
    number = value.isascii() and value.isdigit()
    return not number, int(value) if number else 0, value


def _at_fault(place: int, column: str, words: str) -> CannotFit:
    return CannotFit(f"rating {place + 1}, column {column!r}: {words}")
