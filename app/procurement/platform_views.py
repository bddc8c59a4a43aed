"""The workbook that goes between the portal and the province's platform."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.db import transaction
from app.exporting import XLSX_MIME, content_disposition
from app.policy import Permission
from app.procurement import platform
from app.procurement.blueprint import bp
from app.procurement.choice_forms import PlatformForm
from app.tabular import MOST_BYTES, CellFault, FaultyTable
from app.web import actor, fresh_token, gate, spend, told_in

PLAN = Permission.PROCUREMENT_PLAN


@bp.get("/procurement/platform")
def ask_platform() -> ResponseReturnValue:
    gate(PLAN)
    return platform_page(PlatformForm(data={"once": fresh_token()}))


def platform_page(form: PlatformForm, faults: list[CellFault] | None = None) -> str:
    """The page of the workbook, with what is wrong with the one that was sent."""
    return render_template("procurement/platform.html", form=form, faults=faults or [])


@bp.post("/procurement/platform")
def take_platform() -> ResponseReturnValue:
    gate(PLAN)
    form, faults, count = PlatformForm(), list[CellFault](), 0
    with told_in(form, "file"):
        count, faults = taken(form)
    if not count:
        return platform_page(form, faults), 422
    flash(_("Numbers and addresses taken over: %(count)s", count=count))
    return redirect(url_for(".index"))


def taken(form: PlatformForm) -> tuple[int, list[CellFault]]:
    """Read the workbook that was sent; all or none: how many changes, or which cells are wrong."""
    sent = form.file.data
    data = sent.read(MOST_BYTES + 1) if isinstance(sent, FileStorage) else b""
    try:
        with transaction():
            spend(form.once.data)
            return platform.take_numbers(actor(), data), []
    except FaultyTable as error:
        return 0, error.faults


@bp.get("/procurement/platform/workbook")
def platform_workbook() -> ResponseReturnValue:
    gate(PLAN)
    reply = Response(platform.workbook(), mimetype=XLSX_MIME)
    name = _("Province's platform")
    reply.headers["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return reply
