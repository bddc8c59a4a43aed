"""One item of a list: what the unit hands over, and what the agency says to it."""

from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.attachments import receiving as attachments
from app.attachments import sending
from app.attachments.forms import FilesForm
from app.attachments.waiting import files_of
from app.db import db, transaction
from app.errors import Missing
from app.papers import receiving
from app.policy import Permission
from app.requests import filing, labels, queries, services
from app.requests.blueprint import bp
from app.requests.forms import ReturnForm, SetAsideForm
from app.requests.joining import KEEPER
from app.requests.models import RequestFile, RequestItem
from app.web import actor, fresh_token, gate, load, told_in

READ = Permission.DOCUMENT_REQUEST_READ
SUPPLY, CONFIRM = Permission.DOCUMENT_REQUEST_SUPPLY, Permission.DOCUMENT_REQUEST_CONFIRM


def item_for(item_id: int, permission: Permission) -> RequestItem:
    """An item that this person reads and may act on."""
    item = load(RequestItem, item_id, READ)
    gate(permission, item)
    return item


@bp.get("/request-items/<int:item_id>")
def show_item(item_id: int) -> ResponseReturnValue:
    item = load(RequestItem, item_id, READ)
    return item_page(item, FilesForm(data={"once": fresh_token()}))


def item_page(item: RequestItem, form: FilesForm) -> str:
    """The page of an item, from which the unit hands it over."""
    config = current_app.config
    return render_template(
        "requests/item.html",
        item=item,
        form=form,
        engagement=item.engagement,
        checked=files_of(KEEPER, item.id),
        following=next_after(item),
        labels=labels,
        owed=queries.OWED,
        limit_mb=config["MAX_UPLOAD_BYTES"] >> 20,
        form_limit_mb=config["MAX_FORM_UPLOAD_BYTES"] >> 20,
    )


def next_after(item: RequestItem) -> RequestItem | None:
    """What this person has to supply next, beside this item."""
    owed = db.session.scalars(queries.owed_by(actor()).limit(2)).all()
    return next((one for one in owed if one.id != item.id), None)


@bp.post("/request-items/<int:item_id>/files")
def supply(item_id: int) -> ResponseReturnValue:
    item, form = item_for(item_id, SUPPLY), FilesForm()
    with receiving.told_at(form.file) as told:
        if form.validate_on_submit():
            attachments.hand_in(KEEPER, item, attachments.from_files_form(form), form.once.data)
    if form.errors:
        return item_page(item, form), told.status
    return redirect(url_for(".show_item", item_id=item_id))


@bp.post("/request-items/<int:item_id>/files/uploads")
def receive_file(item_id: int) -> ResponseReturnValue:
    item = item_for(item_id, SUPPLY)
    form = FilesForm(receiving.sent_fields())
    receiving.check(form)
    attachments.hand_in(KEEPER, item, [attachments.from_body(form)], form.once.data)
    return jsonify(location=url_for(".show_item", item_id=item_id)), 201


@bp.get("/request-items/<int:item_id>/files/<int:file_id>")
def download_file(item_id: int, file_id: int) -> ResponseReturnValue:
    file = file_of(item_id, file_id)
    return sending.download(file, file.item, READ)


@bp.post("/request-items/<int:item_id>/files/<int:file_id>/void")
def void_file(item_id: int, file_id: int) -> ResponseReturnValue:
    file = file_of(item_id, file_id)
    gate(SUPPLY, file.item)
    with transaction():
        services.void_file(actor(), file)
    flash(_("The file is taken back"))
    return redirect(url_for(".show_item", item_id=item_id))


def file_of(item_id: int, file_id: int) -> RequestFile:
    """A file of an item that this person reads."""
    item = load(RequestItem, item_id, READ)
    file = next((one for one in item.files if one.id == file_id), None)
    if file is None:
        raise Missing
    return file


@bp.post("/request-items/<int:item_id>/confirmation")
def confirm(item_id: int) -> ResponseReturnValue:
    item = item_for(item_id, CONFIRM)
    with transaction():
        services.confirm_item(actor(), item)
    flash(_("Received and checked: %(item)s", item=item.title))
    return back(item)


@bp.post("/request-items/<int:item_id>/papers")
def file_as_papers(item_id: int) -> ResponseReturnValue:
    item = item_for(item_id, CONFIRM)
    with transaction():
        made = filing.file_as_papers(actor(), item)
    flash(_("Filed as working papers: %(papers)s", papers="、".join(p.index_no for p in made)))
    return back(item)


@bp.get("/request-items/<int:item_id>/return")
def ask_return(item_id: int) -> ResponseReturnValue:
    return words_page(item_for(item_id, CONFIRM), ReturnForm())


@bp.post("/request-items/<int:item_id>/return")
def send_back(item_id: int) -> ResponseReturnValue:
    item, form = item_for(item_id, CONFIRM), ReturnForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.return_item(actor(), item, form.words.data, form.working_days.data)
    if form.errors:
        return words_page(item, form), 422
    flash(_("Sent back to the unit"))
    return back(item)


@bp.get("/request-items/<int:item_id>/not-applicable")
def ask_set_aside(item_id: int) -> ResponseReturnValue:
    return words_page(load(RequestItem, item_id, READ), SetAsideForm())


@bp.post("/request-items/<int:item_id>/not-applicable")
def set_aside(item_id: int) -> ResponseReturnValue:
    item, form = load(RequestItem, item_id, READ), SetAsideForm()
    act = services.declare_not_applicable if is_its_unit(item) else services.waive_item
    gate(SUPPLY if is_its_unit(item) else CONFIRM, item)
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            act(actor(), item, form.reason.data)
    if form.errors:
        return words_page(item, form), 422
    flash(_("Noted as not applicable"))
    return back(item)


def is_its_unit(item: RequestItem) -> bool:
    """Whether this person is of the unit that is asked."""
    return bool(actor().organisation_id == item.unit_id)


def words_page(item: RequestItem, form: FlaskForm) -> str:
    """The page that asks for words about an item."""
    returns = isinstance(form, ReturnForm)
    gate(CONFIRM if returns or not is_its_unit(item) else SUPPLY, item)
    shown: dict[str, Any] = {"item": item, "engagement": item.engagement, "form": form}
    return render_template("requests/words.html", returns=returns, **shown)


def back(item: RequestItem) -> ResponseReturnValue:
    """Back to the list for the agency, to the item for the unit."""
    if is_its_unit(item):
        return redirect(url_for(".show_item", item_id=item.id))
    url = url_for(".show", request_id=item.request_id, _anchor=f"item-{item.number}")
    return redirect(url)
