from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import User
from app.db import db, transaction
from app.engagements.models import Engagement
from app.intake import whole
from app.oversight import batches, queries, services
from app.oversight.forms import BatchForm, ViewForm
from app.oversight.models import BoardView
from app.policy import Permission
from app.web import actor, gate, load, spend, told_in

bp = Blueprint("oversight", __name__)


@bp.get("/board/several")  # whoever comes back to the page, or changes its language
@bp.post("/board/several")
def ask_several() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    form = BatchForm.about(request.values.getlist("row", type=whole))
    if not form.chosen(actor()):
        flash(_("Choose the rows first"), "error")
        return redirect(url_for("pages.board"))
    return batch_page(form)


def batch_page(form: BatchForm) -> str:
    """What will be done with the rows that were chosen."""
    shown = form.chosen(actor())
    return render_template("oversight/several.html", form=form, rows=shown)


@bp.post("/board/several/act")
def act_on_several() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    form, refused = BatchForm().offer(), None
    rows = form.chosen(actor())
    if rows and form.validate_on_submit():
        with told_in(form, "act"):
            refused = do(form, rows)
    if refused is None:
        return batch_page(form), 422
    done = len(rows) - len(refused)
    return render_template("oversight/done.html", form=form, refused=refused, done=done)


def do(form: BatchForm, rows: list[Engagement]) -> list[batches.Refusal]:
    """All rows in one transaction; what refused is told row by row."""
    with transaction():
        spend(form.once.data)
        officer = db.session.get(User, form.officer.data) if form.officer.data else None
        again, words = batches.afresh(rows), form.words.data or ""
        if form.act.data == "assign":
            return batches.assign_officers(actor(), again, officer)
        if form.act.data == "extend":
            return batches.extend_stages(actor(), again, form.days.data or 0, words)
        return batches.remind_agencies(actor(), again, words)


@bp.post("/board/views")
def save_view() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    form, query = ViewForm(), ""
    if form.validate_on_submit():
        with told_in(form, "name"), transaction():
            query = services.save_view(actor(), form.name.data or "", form.query.data or "").query
    if form.errors:
        return views_page(form), 422
    flash(_("The view is kept"))
    return redirect(url_for("pages.board") + "?" + query)


@bp.get("/board/views")
def views() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    return views_page(ViewForm(formdata=None, data={"query": request.query_string.decode()[:600]}))


def views_page(form: ViewForm) -> str:
    """The views that this person keeps."""
    kept = queries.views_of(actor())
    return render_template("oversight/views.html", form=form, views=kept)


@bp.post("/board/views/<int:view_id>/removal")
def remove_view(view_id: int) -> ResponseReturnValue:
    view = load(BoardView, view_id, Permission.BOARD_VIEW_EDIT)
    with transaction():
        services.remove_view(actor(), view)
    flash(_("The view is removed"))
    return redirect(url_for(".views"))
