from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.accounts import labels as account_labels
from app.db import db
from app.pages import activity, board, standing, todos
from app.pages import log_views as log_views
from app.pages import statistics_views as statistics_views
from app.pages import todo_views as todo_views
from app.pages.blueprint import bp as bp
from app.pages.board_views import WORDS
from app.pages.labels import duties
from app.pages.menu_parts import SEES_ENGAGEMENTS
from app.policy import Permission, can
from app.requests.queries import next_owed_by
from app.web import actor, gate


@bp.get("/")
def home() -> ResponseReturnValue:
    user = actor()
    soon = None
    if user.role in SEES_ENGAGEMENTS and can(user, Permission.BOARD_READ, None):
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


@bp.get("/system")
def system() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    return render_template("pages/system.html", **standing.system_facts(current_app))


@bp.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("pages/help.html")


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    db.session.execute(text("SELECT 1"))
    return {"ok": True}
