from flask import Blueprint, flash, redirect, render_template
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.custody import ending, purging, queries
from app.custody.forms import ReasonForm
from app.custody.models import Purge, PurgedFile
from app.db import transaction
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("purges", __name__, url_prefix="/purges")
SHOWN = 50


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.PURGE_READ)
    return show_purges(ReasonForm())


def show_purges(form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    """What has outlived its class now, what waits, and what was destroyed."""
    ended = ending.ended_files()
    page = render_template(
        "custody/purges.html",
        form=form,
        ended=queries.with_engagements(ended[:SHOWN]),
        count=len(ended),
        act=purging.ACT,
        most=ending.MOST,
        page=page_of(queries.purges(), Purge.id, 20),
    )
    return page, status


@bp.post("")
def ask() -> ResponseReturnValue:
    gate(Permission.PURGE_READ)
    form = ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(form.once.data)
            purge = purging.ask_purge(actor(), form.reason.data or "")
    if form.errors:
        return show_purges(form, 422)
    flash(_("Asked. It is done when another person confirms"))
    return redirect(url(".show", purge_id=purge.id))


@bp.get("/<int:purge_id>")
def show(purge_id: int) -> ResponseReturnValue:
    purge = load(Purge, purge_id, Permission.PURGE_READ)
    page = page_of(queries.purged_files(purge), PurgedFile.id, 100)
    return render_template("custody/purge.html", purge=purge, page=page)
