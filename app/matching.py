"""Whether a text of the database holds a word, at the least cost. Pure."""

from typing import Any

from sqlalchemy import ColumnElement


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """The word stands in the column, in large or small letters.

    Chinese and digits have no small letters: then nothing is folded, which takes a third of the
    time over the names of a province.
    """
    if word.lower() == word.upper():
        return column.contains(word, autoescape=True)
    return column.icontains(word, autoescape=True)
