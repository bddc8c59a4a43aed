from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import text

from app import clock
from app.accounts import labels as account_labels
from app.db import db, transaction
from app.engagements.labels import stage_label, template_label
from app.exporting import content_disposition
from app.intake import whole
from app.pages import activity, board, figures, ledger, todos
from app.pages import statistics_views as statistics_views
from app.pages import todo_views as todo_views
from app.pages.blueprint import bp as bp
from app.pages.labels import due_words, duties, strip
from app.policy import Permission, can
from app.requests.queries import next_owed_by
from app.web import actor, gate, here

WORDS: dict[str, Any] = {
    "here": here,
    "due_words": due_words,
    "strip": strip,
    "stage_label": stage_label,
    "template_label": template_label,
}


@bp.get("/")
def home() -> ResponseReturnValue:
    user = actor()
    soon = None
    if can(user, Permission.BOARD_READ, None):
        soon = board.rows(user, board.Filters(), size=10)[0]
    return render_template(
        "pages/home.html",
        todos=todos.todos(user),
        to_supply=next_owed_by(user),
        soon=soon,
        feed=activity.newest(user, 10),
        duty=duties(user.role),
        role_label=account_labels.ROLES[user.role],
        **WORDS,
    )


def asked() -> board.Filters:
    """The filters in this page's address."""
    return board.Filters(
        words=request.args.get("q", "")[:80],
        state=request.args.get("state", ""),
        template=request.args.get("template", ""),
        year=request.args.get("year", type=whole),
        agency=request.args.get("agency", type=whole),
        section=request.args.get("section", type=whole),
        sort=request.args.get("sort", "due"),
        page=min(max(request.args.get("page", 0, type=whole), 0), 1000),
    )


def board_url(**changes: Any) -> str:
    """The board's own address with other filters, also from within its live fragment."""
    return here("pages.board", **changes)


def board_context(mark: str) -> dict[str, Any]:
    """Everything that the board shows."""
    user, filters = actor(), asked()
    rows, more = board.rows(user, filters)
    late = [row for row in rows if row.days_left < 0][:5]
    return {
        "mark": mark,
        "filters": filters,
        "rows": rows,
        "more": more,
        "numbers": figures.figures(user),
        "overdue": late,
        "templates": board.template_names(),
        "feed": activity.newest(user, 8),
        "board_url": board_url,
        **WORDS,
    }


def board_mark() -> str:
    """What the board's ETag is made of: the newest events, the reader, the day, the language."""
    return figures.change_mark(actor(), f"{request.query_string.decode()}/{get_locale()}")


@bp.get("/board", endpoint="board")
def board_page() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    return render_template("pages/board.html", **board_context(f'"{board_mark()}"'))


@bp.get("/board/live")
def board_live() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    mark = board_mark()
    if mark in request.if_none_match:
        return not_modified(mark)
    reply = make_response(render_template("pages/board_body.html", **board_context(mark)))
    reply.set_etag(mark)
    return reply


def not_modified(mark: str) -> Response:
    """Nothing happened since: the shortest answer there is."""
    reply = Response(status=304)
    reply.set_etag(mark)
    return reply


@bp.get("/board/export")
def export_board() -> ResponseReturnValue:
    gate(Permission.BOARD_EXPORT)
    with transaction():
        data = ledger.export(actor(), asked())
    reply = Response(data, mimetype=ledger.XLSX)
    name = f"{_('Engagement ledger')}-{clock.today():%Y%m%d}.xlsx"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


@bp.get("/log")
def log() -> ResponseReturnValue:
    gate(Permission.AUDIT_READ)
    return render_template("pages/log.html", **activity.log_page(actor()))


@bp.get("/system")
def system() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    return render_template("pages/system.html", **activity.system_facts(current_app))


@bp.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("pages/help.html")


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    db.session.execute(text("SELECT 1"))
    return {"ok": True}
