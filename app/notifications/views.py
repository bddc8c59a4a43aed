from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import transaction
from app.notifications import choosing, queries, services
from app.notifications import target_views as target_views
from app.notifications.blueprint import bp as bp
from app.notifications.forms import ChoiceForm
from app.notifications.labels import sentence
from app.notifications.models import Message
from app.policy import Permission
from app.web import actor, load, page_of, spend


@bp.app_context_processor
def mast() -> dict[str, Any]:
    """What every page's mast says of messages; fragments have no mast."""
    if not current_user or not current_user.is_authenticated or "X-Fragment" in request.headers:
        return {}
    count = queries.unread_count(actor())
    return {"messages_url": url_for("notifications.index"), "message_count": count}


@bp.get("")
def index() -> ResponseReturnValue:
    unread = request.args.get("show") != "all"
    query = queries.inbox(actor())
    if unread:
        query = query.where(Message.read_at.is_(None))
    page = page_of(query, Message.id, size=30)
    return render_template("notifications/index.html", page=page, unread=unread, sentence=sentence)


@bp.post("/<int:message_id>/readings")
def read(message_id: int) -> ResponseReturnValue:
    message = load(Message, message_id, Permission.MESSAGE_READ)
    with transaction():
        services.mark_read(actor(), message)
    return redirect(message.link)


@bp.post("/readings")
def read_all() -> ResponseReturnValue:
    with transaction():
        services.mark_all_read(actor())
    flash(_("All messages are marked as read"))
    return redirect(url_for(".index"))


@bp.get("/choices")
def choices() -> ResponseReturnValue:
    return _choices(ChoiceForm.of(queries.choice_of(actor())))


@bp.post("/choices")
def choose() -> ResponseReturnValue:
    form = ChoiceForm.of(queries.choice_of(actor()))
    if not form.validate_on_submit():
        return _choices(form), 422
    with transaction():
        spend(form.once.data)
        choosing.choose(actor(), form.asked())
    flash(_("Saved"))
    return redirect(url_for(".choices"))


@bp.post("/choices/trials")
def try_mail() -> ResponseReturnValue:
    with transaction():
        choosing.try_mail(actor())
    flash(_("A trial is on its way to your address"))
    return redirect(url_for(".choices"))


def _choices(form: ChoiceForm) -> str:
    kept = queries.choice_of(actor())
    has_mail = bool(current_app.config["SMTP_URL"])
    return render_template("notifications/choices.html", form=form, kept=kept, has_mail=has_mail)
