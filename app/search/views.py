from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.indicators.library import common_rows
from app.policy import Permission
from app.search import marking, queries, showing
from app.web import Page, actor, gate, page_by

bp = Blueprint("search", __name__)
MOST_CHARACTERS = 80


@bp.get("/search")
def index() -> ResponseReturnValue:
    gate(Permission.SEARCH_READ)
    words = request.args.get("q", "").strip()[:MOST_CHARACTERS]
    page = page_with(words) if words else None
    lines = showing.lines(page.items, words) if page else []
    is_first = not {"before", "after"} & set(request.args)
    told: dict[str, Any] = {"words": words, "page": page, "lines": lines}
    if words and is_first:  # what there is little of stands below the first page
        told["courses"] = showing.lines(queries.courses_with(actor(), words), words)
        told["indicators"] = indicators_with(words)
    return render_template("search/index.html", marked=marking.marked, **told)


def page_with(words: str) -> Page:
    """A page of what was found: what was written last stands first."""
    user = actor()
    return page_by(
        lambda before, after, most: queries.found_by(
            user, words, before=before, after=after, most=most
        ),
        30,
    )


def indicators_with(words: str) -> list[tuple[str, str, str]]:
    """The common indicators that hold all the words: level, name, scoring standard."""
    rows = [(f"{row.level1} · {row.level2}", row.name, row.standard) for row in common_rows()]
    return [row for row in rows if marking.is_found(" ".join(row), words)]
