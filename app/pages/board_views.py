"""The progress board in its three views, the large screen, and the ledger of what is shown."""

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock
from app.accounts.models import User
from app.db import transaction
from app.engagements.labels import stage_label, template_label
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.oversight.queries import views_of
from app.pages import activity, board, choices, courses, figures, ledger, wall
from app.pages.blueprint import bp
from app.pages.fragments import alike
from app.pages.labels import VIEWS, due_words, strip
from app.policy import Permission, Role
from app.web import actor, gate, here

WORDS: dict[str, Any] = {
    "here": here,
    "due_words": due_words,
    "strip": strip,
    "stage_label": stage_label,
    "template_label": template_label,
}
NUMBERS = ("year", "agency", "section", "unit", "service", "officer")
ACTS_ON_SEVERAL = {Role.PERFORMANCE_OFFICER, Role.DEPARTMENT_OFFICER}
SIZES = {"": board.PAGE, "lanes": 300, "timeline": 40}


def asked() -> board.Filters:
    """The filters in this page's address."""
    view = request.args.get("view", "")
    return board.Filters(
        words=request.args.get("q", "")[:80],
        state=request.args.get("state", ""),
        template=request.args.get("template", ""),
        sort=request.args.get("sort", "due"),
        page=min(max(request.args.get("page", 0, type=whole), 0), 1000),
        view=view if view in SIZES else "",
        **{name: request.args.get(name, type=whole) for name in NUMBERS},
    )


def board_url(endpoint: str = "pages.board", **changes: Any) -> str:
    """The board's own address with other filters, also from within its live fragment."""
    return here(endpoint, **changes)


def board_context(mark: str) -> dict[str, Any]:
    """Everything that the live part of the board shows."""
    user, filters = actor(), asked()
    rows, more = board.rows(user, filters, SIZES[filters.view])
    return {
        "mark": mark,
        "filters": filters,
        "rows": rows,
        "more": more,
        "lanes": board.lanes(rows) if filters.view == "lanes" else [],
        "course": courses.of(rows) if filters.view == "timeline" else None,
        "several": user.role in ACTS_ON_SEVERAL,
        **beside(user, rows),
        "board_url": board_url,
        **WORDS,
        "here": board_url,  # a column head that sorts leads to the board, not to its fragment
    }


def beside(user: User, rows: Sequence[board.Row]) -> dict[str, Any]:
    """The figures above the rows, and what stands next to them."""
    return {
        "numbers": figures.figures(user),
        "overdue": [row for row in rows if row.days_left < 0][:5],
        "templates": board.template_names(),
        "feed": activity.newest(user, 8),
    }


def board_mark() -> str:
    """What the board's ETag is made of: the newest events, the reader, the day, the language."""
    return figures.change_mark(actor(), f"{request.query_string.decode()}/{get_locale()}")


@bp.get("/board", endpoint="board")
def board_page() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    user, filters = actor(), asked()
    return render_template(
        "pages/board.html",
        choices=choices.choices(user),
        chosen=sum(getattr(filters, name) is not None for name in NUMBERS),
        kept=views_of(user),
        views=VIEWS,
        query=request.query_string.decode()[:600],
        **board_context(f'"{board_mark()}"'),
    )


@bp.get("/board/live")
def board_live() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    mark = board_mark()
    if mark in request.if_none_match:
        return not_modified(mark)
    reply = make_response(alike(f"board/{mark}", lambda: body(mark)))
    reply.set_etag(mark)
    return reply


def body(mark: str) -> str:
    """The live part of the board."""
    return render_template("pages/board_body.html", **board_context(mark))


def wall_body() -> str:
    """The live part of the large screen."""
    return render_template("pages/wall_body.html", **wall.shown(actor()), **WORDS)


def not_modified(mark: str) -> Response:
    """Nothing happened since: the shortest answer there is."""
    reply = Response(status=304)
    reply.set_etag(mark)
    return reply


@bp.get("/board/wall", endpoint="wall")
def wall_page() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    shown = wall.shown(actor())
    return render_template("pages/wall.html", mark=f'"{board_mark()}"', **shown, **WORDS)


@bp.get("/board/wall/live")
def wall_live() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    mark = board_mark()
    if mark in request.if_none_match:
        return not_modified(mark)
    reply = make_response(alike(f"wall/{mark}", wall_body))
    reply.set_etag(mark)
    return reply


@bp.get("/board/export")
def export_board() -> ResponseReturnValue:
    gate(Permission.BOARD_EXPORT)
    with transaction():
        data = ledger.export(actor(), asked())
    reply = Response(data, mimetype=XLSX_MIME)
    name = f"{_('Engagement ledger')}-{clock.today():%Y%m%d}.xlsx"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply
