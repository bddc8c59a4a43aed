from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.agencies.models import Agency
from app.db import transaction
from app.errors import Invalid
from app.exporting import XLSX_MIME, content_disposition
from app.policy import Permission
from app.tabular import MOST_BYTES, CellFault, FaultyTable
from app.upkeep import ministry, taking
from app.upkeep.blueprint import bp
from app.upkeep.forms import WorkbookForm
from app.web import actor, fresh_token, gate, load, spend, told_in

REGISTER = Permission.AGENCY_REGISTER


@bp.get("/register-workbooks")
def workbooks() -> ResponseReturnValue:
    gate(REGISTER)
    return workbook_page(WorkbookForm(), [])


def workbook_page(form: WorkbookForm, faults: list[CellFault]) -> str:
    """The page that gives the register out as a workbook, and takes one in."""
    columns = {
        name: [one.heads[0] for one in found.values()] for name, found in ministry.SHEETS.items()
    }
    return render_template("upkeep/workbook.html", form=form, faults=faults, columns=columns)


@bp.post("/register-workbooks/exports")
def export_all() -> ResponseReturnValue:
    gate(REGISTER)
    with transaction():
        book = ministry.export_register(actor())
    return sent(book, str(_("Register of agencies")))


@bp.post("/agencies/<int:agency_id>/register-exports")
def export_own(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_EDIT)
    with transaction():
        book = ministry.export_register(actor(), agency)
    return sent(book, agency.name)


def sent(book: ministry.Workbook, name: str) -> Response:
    """The workbook as a file."""
    reply = Response(book.data, mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return reply


@bp.post("/register-workbooks")
def take() -> ResponseReturnValue:
    gate(REGISTER)
    form, faults, told = WorkbookForm(), list[CellFault](), ""
    if form.validate_on_submit():
        with told_in(form, "file"):
            try:
                told = taken_in(form)
            except FaultyTable as refusal:
                faults = refusal.faults
    if not told:
        form.once.data = fresh_token()
        return workbook_page(form, faults), 422
    flash(told)
    return redirect(url_for(".workbooks"))


def taken_in(form: WorkbookForm) -> str:
    """Take the workbook in, in one transaction; say what came of it."""
    sent_file = form.file.data
    if not isinstance(sent_file, FileStorage) or not sent_file.filename:
        raise Invalid(_("Choose a file first"))
    data = sent_file.read(MOST_BYTES + 1)
    with transaction():
        spend(form.once.data)
        rows, count = taking.import_register(actor(), data)
    return _(
        "rows read: %(rows)s; of them changed something: %(changes)s", rows=rows, changes=count
    )
