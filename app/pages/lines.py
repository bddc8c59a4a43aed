"""Lines of the board as they are drawn: a change draws its own line anew and no other."""

from functools import lru_cache
from typing import Any

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup

from app.engagements.labels import stage_label, template_label
from app.pages.board import Row
from app.pages.labels import due_words, strip, work_words

MOST = 3000  # of some two kilobytes each, in every process


def line(row: Row, chosen: Any) -> Markup:
    """One engagement of the board; with a box where the reader may choose several."""
    return _drawn(row, str(get_locale()), "box" if chosen else "")


@lru_cache(maxsize=MOST)
def _drawn(row: Row, _locale: str, chosen: str) -> Markup:
    """All that a line depends on stands in its row, the language and the box."""
    words = {
        "due": due_words(row.days_left),
        "template": template_label(row.template_code, row.template),
        "stage": stage_label(row.stage_code, row.stage),
        "strip": strip(row.position, row.stages, "late" if row.days_left < 0 else "now"),
        "work": work_words(row.work),
    }
    draw = get_template_attribute("pages/board_line.html", "line")
    return Markup(draw(row, words, chosen))  # noqa: S704 - a macro of ours escaped it
