from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Missing
from app.exporting import XLSX_MIME, content_disposition
from app.indicators import (
    definition,
    forms,
    joining,
    library_views,
    queries,
    result_views,
    score_views,
    services,
    workbook,
)
from app.indicators.blueprint import bp
from app.indicators.models import IndicatorSystem
from app.indicators.rows import FaultyRows, by_level1
from app.intake import whole
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, spend, told_in

__all__ = ["bp", "library_views", "result_views", "score_views"]  # they add their pages to bp


@bp.get("/engagements/<int:engagement_id>/indicators")
def index(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.INDICATOR_READ)
    return index_page(engagement, forms.BeginForm(data={"once": fresh_token()}))


@bp.post("/engagements/<int:engagement_id>/indicators")
def begin(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.INDICATOR_READ)
    gate(Permission.INDICATOR_EDIT, engagement)
    form, system = forms.BeginForm(), None
    if form.offer(engagement, []).validate_on_submit():
        with told_in(form, "task"), transaction():
            spend(form.once.data)
            source = services.Source(form.source.data)
            system = services.begin_system(actor(), engagement, form.chosen(), source)
    if system is None:
        return index_page(engagement, form), 422
    return redirect(url_for(".edit", system_id=system.id))


def index_page(engagement: Engagement, form: forms.BeginForm) -> str:
    """Every scope of the engagement with its versions, and beginning what has none."""
    systems = queries.systems_of(engagement)
    errors = {field.name: field.errors for field in form if field.errors}
    form.offer(engagement, {one.task_number for one in systems})
    for name, told in errors.items():
        form[name].errors = told
    return render_template(
        "indicators/index.html",
        engagement=engagement,
        systems=[
            (one, queries.sheet_of(one.indicators), joining.grade_for(one)) for one in systems
        ],
        form=form,
    )


def system_to_read(system_id: int) -> IndicatorSystem:
    """A version with all its rows, for those who may read it."""
    load(IndicatorSystem, system_id, Permission.INDICATOR_READ)
    system = queries.whole_system(system_id)
    if system is None:
        raise Missing
    return system


@bp.get("/indicator-systems/<int:system_id>")
def show(system_id: int) -> ResponseReturnValue:
    return system_page(system_to_read(system_id))


def system_page(system: IndicatorSystem, **more: Any) -> str:
    """The table of a version, its sums and versions, and what may be done next."""
    rows, versions = definition.rows_of(system), queries.versions_of(system)
    frame = system.engagement.template.scoring_frame
    earlier = next((one for one in versions if one.version == system.version - 1), None)
    return render_template(
        "indicators/show.html",
        system=system,
        sums=by_level1(rows),
        frame={line["name"]: line["points"] for line in frame},
        sheet=queries.sheet_of(system.indicators),
        warnings=definition.warnings_of(system),
        versions=versions,
        changes=definition.changes_between(definition.rows_of(earlier), rows) if earlier else [],
        entries=timeline(system, names=names_of, reader=actor()),
        **more,
    )


@bp.get("/indicator-systems/<int:system_id>/edit")
def edit(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_EDIT, system)
    return edit_page(system, forms.SystemForm.of(system))


@bp.post("/indicator-systems/<int:system_id>/edit")
def save(system_id: int) -> ResponseReturnValue:
    system, form = system_to_read(system_id), forms.SystemForm()
    gate(Permission.INDICATOR_EDIT, system)
    if change_rows(form):
        return edit_page(system, form)
    form.offer(queries.frame_of(system.engagement))
    if not form.validate_on_submit() or not keep_rows(system, form):
        return edit_page(system_to_read(system_id), form), 422
    flash(_("The indicators are saved"))
    return redirect(url_for(".show", system_id=system_id))


def change_rows(form: forms.SystemForm) -> bool:
    """Add empty rows, insert or drop one, as the pressed button says; nothing is saved by it."""
    pressed = {name: request.form.get(name, type=whole) for name in ("add", "insert", "drop")}
    act = {"add": form.add_rows, "insert": form.insert_row, "drop": form.drop_row}
    for name, value in pressed.items():
        if value is not None:
            act[name](value)
    return any(value is not None for value in pressed.values())


def keep_rows(system: IndicatorSystem, form: forms.SystemForm) -> bool:
    """Save the table; what is wrong stands at its cell afterwards."""
    with told_in(form, "expected"):
        try:
            with transaction():
                services.save_rows(actor(), system, form.told(), form.expected.data)
            return True
        except FaultyRows as refusal:
            form.point_out(refusal.faults)
    return False


def edit_page(system: IndicatorSystem, form: forms.SystemForm) -> str:
    """The page of the form."""
    form.offer(queries.frame_of(system.engagement))
    return render_template("indicators/edit.html", system=system, form=form)


@bp.get("/indicator-systems/<int:system_id>/import")
def ask_import(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_EDIT, system)
    form = forms.ImportForm(data={"expected": system.revision})
    return render_template("indicators/import.html", system=system, form=form, faults=[])


@bp.post("/indicator-systems/<int:system_id>/import")
def take_in(system_id: int) -> ResponseReturnValue:
    system, form = system_to_read(system_id), forms.ImportForm()
    gate(Permission.INDICATOR_EDIT, system)
    faults: list[workbook.CellFault] = []
    with told_in(form, "file"):
        if form.validate_on_submit():
            faults = import_rows(system, form)
    if form.errors or faults:
        page = {"system": system, "form": form, "faults": faults}
        return render_template("indicators/import.html", **page), 422
    flash(_("The workbook is imported"))
    return redirect(url_for(".show", system_id=system_id))


def import_rows(system: IndicatorSystem, form: forms.ImportForm) -> list[workbook.CellFault]:
    """Read the workbook and save its rows; return its faulty cells, whereupon nothing is saved."""
    sent = form.file.data
    if not isinstance(sent, FileStorage):
        raise Invalid(_("Choose a file first"))
    data = sent.read(workbook.MOST_BYTES + 1)
    file = services.ImportedFile(sent.filename or "", workbook.digest(data))
    try:
        reading = workbook.read(data)
        with transaction():
            services.save_rows(actor(), system, reading.rows, form.expected.data, file)
    except workbook.FaultyWorkbook as refusal:
        return list(refusal.faults)
    except FaultyRows as refusal:
        return [reading.fault(one.row, one.column, one.words) for one in refusal.faults]
    return []


@bp.get("/indicator-systems/<int:system_id>/workbook")
def export(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    made = workbook.system_sheets(system)
    name = _(
        "%(code)s indicators v%(version)s", code=system.engagement.code, version=system.version
    )
    with transaction():
        services.record_export(actor(), system, "indicators")
    answer = Response(made, mimetype=XLSX_MIME)
    answer.headers["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return answer


@bp.post("/indicator-systems/<int:system_id>/submission")
def submit(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_SUBMIT, system)
    try:
        with transaction():
            services.submit_system(actor(), system)
    except Conflict as refusal:
        return system_page(system_to_read(system_id), refusal=refusal.message), refusal.status
    flash(_("The indicators are submitted"))
    return redirect(url_for(".show", system_id=system_id))


@bp.post("/indicator-systems/<int:system_id>/approval")
def approve(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_DECIDE, system)
    try:
        with transaction():
            services.approve_system(actor(), system)
    except Conflict as refusal:
        return system_page(system_to_read(system_id), refusal=refusal.message), refusal.status
    flash(_("Approved; scores are given by this version from now on"))
    return redirect(url_for(".show", system_id=system_id))


@bp.get("/indicator-systems/<int:system_id>/return")
def ask_return(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_DECIDE, system)
    return render_template("indicators/return.html", system=system, form=forms.ReasonForm())


@bp.post("/indicator-systems/<int:system_id>/return")
def send_back(system_id: int) -> ResponseReturnValue:
    system, form = system_to_read(system_id), forms.ReasonForm()
    gate(Permission.INDICATOR_DECIDE, system)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                services.return_system(actor(), system, form.words.data)
    if form.errors:
        return render_template("indicators/return.html", system=system, form=form), 422
    flash(_("Returned for changes"))
    return redirect(url_for(".show", system_id=system_id))


@bp.get("/indicator-systems/<int:system_id>/next-version")
def ask_next(system_id: int) -> ResponseReturnValue:
    system = system_to_read(system_id)
    gate(Permission.INDICATOR_EDIT, system)
    return render_template("indicators/next.html", system=system, form=forms.ReasonForm())


@bp.post("/indicator-systems/<int:system_id>/next-version")
def begin_next(system_id: int) -> ResponseReturnValue:
    system, form = system_to_read(system_id), forms.ReasonForm()
    gate(Permission.INDICATOR_EDIT, system)
    following = system
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                following = services.begin_next_version(actor(), system, form.words.data)
    if form.errors:
        return render_template("indicators/next.html", system=system, form=form), 422
    return redirect(url_for(".edit", system_id=following.id))
