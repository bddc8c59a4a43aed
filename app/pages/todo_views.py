import time
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.intake import whole
from app.notifications import queries as messages
from app.notifications.labels import sentence
from app.notifications.models import Message
from app.pages import deeds, todos
from app.pages.blueprint import bp
from app.web import actor, page_of

MOST_KNOWN = 5000
NEWEST = 8


@bp.get("/todos")
def todo_list() -> ResponseReturnValue:
    user = actor()
    unread = messages.inbox(user).where(Message.read_at.is_(None))
    return render_template(
        "pages/todos.html",
        todos=[each for each in todos.todos(user) if each.count],
        page=page_of(unread, Message.id, size=NEWEST),
        sentence=sentence,
    )


@bp.get("/todos/done")
def done_list() -> ResponseReturnValue:
    before, after = (request.args.get(name, type=whole) for name in ("before", "after"))
    user = actor()
    page = deeds.deeds_of(user, before, after)
    return render_template("pages/deeds.html", page=page, deeds=deeds.shown(user, page.items))


@bp.app_context_processor
def todo_mast() -> dict[str, Any]:
    """What every page's mast says of to-dos; fragments have no mast."""
    if not current_user or not current_user.is_authenticated or "X-Fragment" in request.headers:
        return {}
    return {"todo_url": url_for("pages.todo_list"), "todo_count": mast_count(actor())}


def mast_count(user: Any) -> int | None:
    """How much waits, as it was some seconds ago: every page shows it, nobody waits for it.

    After one's own act it is asked anew. With TODO_COUNT_SECONDS=0 the mast shows no number.
    """
    seconds = int(current_app.config["TODO_COUNT_SECONDS"])
    if not seconds:
        return None
    known: dict[int, tuple[float, int]] = current_app.extensions.setdefault("todo_counts", {})
    until, count = known.get(user.id, (0.0, 0))
    if request.method == "GET" and until > time.monotonic():
        return count
    count = sum(int(each.count) for each in todos.todos(user))
    if len(known) > MOST_KNOWN:
        known.clear()
    known[user.id] = (time.monotonic() + seconds, count)
    return count


@bp.after_app_request
def forget_count(reply: Any) -> Any:
    """Whoever did something finds the new number on the next page."""
    if request.method != "GET" and current_user and current_user.is_authenticated:
        current_app.extensions.get("todo_counts", {}).pop(current_user.id, None)
    return reply
