"""One finding: the unit's report with its evidence, and what the bureau says to it."""

from flask import current_app, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import receiving as attachments
from app.attachments import sending
from app.attachments.forms import FilesForm
from app.attachments.waiting import files_of
from app.db import transaction
from app.errors import Missing
from app.papers import receiving
from app.policy import Permission
from app.rectifications import services
from app.rectifications.blueprint import bp
from app.rectifications.forms import ReportForm, ReturnForm
from app.rectifications.joining import KEEPER
from app.rectifications.models import RectificationItem
from app.web import actor, fresh_token, gate, load, told_in

READ = Permission.RECTIFICATION_READ
REPORT, DECIDE = Permission.RECTIFICATION_REPORT, Permission.RECTIFICATION_DECIDE


def item_for(item_id: int, permission: Permission) -> RectificationItem:
    """An item that this person reads and may act on."""
    item = load(RectificationItem, item_id, READ)
    gate(permission, item)
    return item


@bp.get("/rectification-items/<int:item_id>")
def show_item(item_id: int) -> ResponseReturnValue:
    item = load(RectificationItem, item_id, READ)
    report = ReportForm(data={"measure": item.measure})
    return item_page(item, FilesForm(data={"once": fresh_token()}), report)


def item_page(item: RectificationItem, form: FilesForm, report: ReportForm) -> str:
    """The page of an item."""
    return render_template(
        "rectifications/item.html",
        item=item,
        form=form,
        report=report,
        engagement=item.engagement,
        checked=files_of(KEEPER, item.id),
        limit_mb=current_app.config["MAX_UPLOAD_BYTES"] >> 20,
        form_limit_mb=current_app.config["MAX_FORM_UPLOAD_BYTES"] >> 20,
    )


@bp.post("/rectification-items/<int:item_id>/files")
def add_evidence(item_id: int) -> ResponseReturnValue:
    item, form = item_for(item_id, REPORT), FilesForm()
    with receiving.told_at(form.file) as told:
        if form.validate_on_submit():
            attachments.hand_in(KEEPER, item, attachments.from_files_form(form), form.once.data)
    if form.errors:
        return item_page(item, form, ReportForm(data={"measure": item.measure})), told.status
    return redirect(url_for(".show_item", item_id=item_id))


@bp.post("/rectification-items/<int:item_id>/files/uploads")
def receive_evidence(item_id: int) -> ResponseReturnValue:
    item = item_for(item_id, REPORT)
    form = FilesForm(receiving.sent_fields())
    receiving.check(form)
    attachments.hand_in(KEEPER, item, [attachments.from_body(form)], form.once.data)
    return jsonify(location=url_for(".show_item", item_id=item_id)), 201


@bp.get("/rectification-items/<int:item_id>/files/<int:file_id>")
def evidence(item_id: int, file_id: int) -> ResponseReturnValue:
    item = load(RectificationItem, item_id, READ)
    file = next((one for one in item.files if one.id == file_id), None)
    if file is None:
        raise Missing
    return sending.download(file, item, READ)


@bp.post("/rectification-items/<int:item_id>/report")
def report_item(item_id: int) -> ResponseReturnValue:
    item, form = item_for(item_id, REPORT), ReportForm()
    if form.validate_on_submit():
        with told_in(form, "measure"), transaction():
            services.report_item(actor(), item, form.measure.data)
    if form.errors:
        return item_page(item, FilesForm(data={"once": fresh_token()}), form), 422
    flash(_("Reported to the performance section"))
    return redirect(url_for(".show_item", item_id=item_id))


@bp.post("/rectification-items/<int:item_id>/confirmation")
def confirm(item_id: int) -> ResponseReturnValue:
    item = item_for(item_id, DECIDE)
    with transaction():
        services.confirm_item(actor(), item)
    flash(_("Confirmed: the finding is closed"))
    return redirect(url_for(".show", notice_id=item.notice_id))


@bp.get("/rectification-items/<int:item_id>/return")
def ask_return(item_id: int) -> ResponseReturnValue:
    return return_page(item_for(item_id, DECIDE), ReturnForm())


def return_page(item: RectificationItem, form: ReturnForm) -> str:
    """The page that asks why a report is sent back."""
    shown = {"item": item, "form": form, "engagement": item.engagement}
    return render_template("rectifications/return.html", **shown)


@bp.post("/rectification-items/<int:item_id>/return")
def send_back(item_id: int) -> ResponseReturnValue:
    item, form = item_for(item_id, DECIDE), ReturnForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.return_item(actor(), item, form.words.data, form.working_days.data)
    if form.errors:
        return return_page(item, form), 422
    flash(_("Sent back to the unit"))
    return redirect(url_for(".show", notice_id=item.notice_id))
