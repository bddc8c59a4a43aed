from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.errors import Words
from app.policy import Permission
from app.search import queries
from app.search.models import Found
from app.web import Page, actor, gate, page_by

bp = Blueprint("search", __name__)
MOST_CHARACTERS = 80
# What a thing is called, and the page that shows it with the name of its key.
SHOWN: dict[Found, tuple[Words, str, str]] = {
    Found.POST: (_("Post"), "exchange.show", "post_id"),
    Found.CASE: (_("Case"), "exchange.case", "case_id"),
    Found.PAPER: (_("Working paper"), "papers.show", "paper_id"),
}


@bp.get("/search")
def index() -> ResponseReturnValue:
    gate(Permission.SEARCH_READ)
    words = request.args.get("q", "").strip()[:MOST_CHARACTERS]
    page = page_with(words) if words else None
    return render_template("search/index.html", words=words, page=page, shown=SHOWN)


def page_with(words: str) -> Page:
    """A page of what was found: what was written last stands first."""
    user = actor()
    return page_by(
        lambda before, after, most: queries.found_by(
            user, words, before=before, after=after, most=most
        ),
        30,
    )
