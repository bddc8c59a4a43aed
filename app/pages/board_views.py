"""The progress board in its three views, the large screen, and the ledger of what is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.lookup_views import typed
from app.accounts.lookups import SHORT, Asked, Lookup, lookups
from app.accounts.models import User
from app.db import transaction
from app.engagements.labels import stage_label, template_label
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.oversight.queries import views_of
from app.pages import activity, board, choices, courses, figures, ledger, wall, watching
from app.pages.blueprint import bp
from app.pages.labels import VIEWS, due_words
from app.pages.lines import line
from app.policy import Permission, Role
from app.web import actor, gate, here

WORDS: dict[str, Any] = {
    "here": here,
    "due_words": due_words,
    "line": line,
    "stage_label": stage_label,
    "template_label": template_label,
}
NUMBERS = ("year", "section", "service", "officer")
ACTS_ON_SEVERAL = {Role.PERFORMANCE_OFFICER, Role.DEPARTMENT_OFFICER}
SIZES = {"": board.PAGE, "lanes": 300, "timeline": 40}
NAMES = {"agency": choices.agencies_at_work, "unit": choices.units_at_work}
for name, findable in NAMES.items():
    lookups[f"board-{name}"] = Lookup(Permission.BOARD_READ, findable)


def names_asked() -> dict[str, Asked]:
    """The agencies and units that this page's address asks for, by number or by words."""
    return {name: typed(name, findable(actor())) for name, findable in NAMES.items()}


def asked(names: Mapping[str, Asked]) -> board.Filters:
    """The filters in this page's address, with the names that it asks for."""
    view = request.args.get("view", "")
    return board.Filters(
        words=request.args.get("q", "")[:80],
        state=request.args.get("state", ""),
        template=request.args.get("template", ""),
        sort=request.args.get("sort", "due"),
        page=min(max(request.args.get("page", 0, type=whole), 0), 1000),
        view=view if view in SIZES else "",
        **{name: request.args.get(name, type=whole) for name in NUMBERS},
        agency=names["agency"].keys,
        unit=names["unit"].keys,
    )


def board_url(endpoint: str = "pages.board", **changes: Any) -> str:
    """The board's own address with other filters, also from within its live fragment."""
    return here(endpoint, **changes)


def board_context() -> dict[str, Any]:
    """Everything that the live part of the board shows."""
    user, filters = actor(), asked(names_asked())
    rows, more = board.rows(user, filters, SIZES[filters.view])
    return {
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


def body() -> str:
    """The live part of the board."""
    return render_template("pages/board_body.html", **board_context())


def wall_body() -> str:
    """The live part of the large screen."""
    return render_template("pages/wall_body.html", **wall.shown(actor()), **WORDS)


def frame_context() -> dict[str, Any]:
    """What stands around the live part of the board."""
    user, names = actor(), names_asked()
    filters = asked(names)
    return {
        "filters": filters,
        "choices": choices.choices(user),
        "names": names,
        "SHORT": SHORT,
        "chosen": sum(getattr(filters, name) is not None for name in (*NUMBERS, *NAMES)),
        "kept": views_of(user),
        "views": VIEWS,
        "query": request.query_string.decode()[:600],
        "several": user.role in ACTS_ON_SEVERAL,
        "here": here,
    }


@bp.get("/board", endpoint="board")
def board_page() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    live = here("pages.board_live")
    fragment = watching.fragment_at(live, body)
    told = frame_context()
    return render_template("pages/board.html", live_url=live, fragment=fragment, **told)


@bp.get("/board/live")
def board_live() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    return watching.answer(body)


@bp.get("/board/wall", endpoint="wall")
def wall_page() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    live = url_for("pages.wall_live")
    return render_template(
        "pages/wall.html", live_url=live, fragment=watching.fragment_at(live, wall_body)
    )


@bp.get("/board/wall/live")
def wall_live() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    return watching.answer(wall_body)


@bp.get("/board/export")
def export_board() -> ResponseReturnValue:
    gate(Permission.BOARD_EXPORT)
    with transaction():
        data = ledger.export(actor(), asked(names_asked()))
    reply = Response(data, mimetype=XLSX_MIME)
    name = f"{_('Engagement ledger')}-{clock.today():%Y%m%d}.xlsx"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply
