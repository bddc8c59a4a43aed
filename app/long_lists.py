"""Lists of thousands to choose from (a province's units), drawn once for all fields of a page."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import g
from markupsafe import Markup, escape
from wtforms.widgets import Select, html_params

MARK = "\x1f"  # stands in no name; it keeps them apart while they are escaped together
LONG = 200  # choices: a shorter list is drawn as WTForms draws it


def is_long(field: Any) -> bool:
    """Whether it is a plain list of one choice with very many of them."""
    choices = getattr(field, "choices", None)
    plain = type(getattr(field, "widget", None)) is Select and not field.widget.multiple
    return plain and isinstance(choices, list) and len(choices) > LONG


def long_list(field: Any, **attributes: Any) -> Markup:
    """The same list as WTForms draws, without looking at each choice for each field."""
    standing = {"id": field.id, "required": bool(field.flags.required), **(field.render_kw or {})}
    told = html_params(name=field.name, **{**standing, **attributes})
    chosen = _value(field.data)
    options = _options(field.choices).replace(f"{chosen}>", f"{chosen} selected>", 1)
    return Markup(f"<select {told}>{options}</select>")  # noqa: S704 - every part was escaped


def options(pairs: Iterable[tuple[Any, Any]], chosen: Any = None) -> Markup:
    """The options of a filter, of thousands as of three: all words are escaped in one stroke."""
    known = [(str(key), str(words).replace(MARK, "")) for key, words in pairs]
    if not known:
        return Markup()
    columns = zip(*known, strict=True)
    keys, words = (str(escape(MARK.join(column))).split(MARK) for column in columns)
    told = zip(keys, words, strict=True)
    drawn = "".join([f'<option value="{key}">{word}</option>' for key, word in told])
    begin = f"<option {_value(chosen)}>"
    return Markup(drawn.replace(begin, f"{begin[:-1]} selected>", 1))  # noqa: S704 - as said


def _value(value: Any) -> str:
    return f'value="{escape(value)}"'


def _options(choices: list[Any]) -> str:
    """All options; the list itself is kept beside, so that its number stays its own."""
    drawn: dict[int, tuple[list[Any], str]] = g.setdefault("drawn_lists", {})
    if id(choices) not in drawn:
        groups = groupby(choices, key=lambda choice: choice.optgroup)
        parts = [_group(name, "".join(map(_option, some))) for name, some in groups]
        drawn[id(choices)] = choices, "".join(parts)
    return drawn[id(choices)][1]


def _option(choice: Any) -> str:
    return f"<option {_value(choice.value)}>{escape(choice.label)}</option>"


def _group(name: str | None, options: str) -> str:
    return options if name is None else f'<optgroup label="{escape(name)}">{options}</optgroup>'
