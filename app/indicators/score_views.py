"""The scoring sheet and the coverage map."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Missing
from app.exporting import XLSX_MIME, content_disposition
from app.indicators import coverage, joining, queries, scoring, services, workbook
from app.indicators.blueprint import bp
from app.indicators.labels import GRADES, points_text
from app.indicators.models import IndicatorSystem
from app.indicators.score_forms import SheetForm
from app.papers.queries import report_of_round
from app.policy import Permission, can
from app.web import actor, gate, load, told_in


def sheet_to_read(system_id: int) -> IndicatorSystem:
    """A version with its rows, links and papers."""
    load(IndicatorSystem, system_id, Permission.INDICATOR_READ)
    system = queries.whole_system(system_id)
    if system is None:
        raise Missing
    return system


@bp.get("/indicator-systems/<int:system_id>/scores")
def scores(system_id: int) -> ResponseReturnValue:
    system = sheet_to_read(system_id)
    return sheet_page(system, SheetForm.of(system))


@bp.post("/indicator-systems/<int:system_id>/scores")
def save_scores(system_id: int) -> ResponseReturnValue:
    system, form = sheet_to_read(system_id), SheetForm()
    gate(Permission.SCORE_EDIT, system)
    if not form.validate_on_submit() or not keep_scores(system, form):
        return sheet_page(sheet_to_read(system_id), form), 422
    flash(_("The scores are saved"))
    return redirect(url_for(".scores", system_id=system_id))


def keep_scores(system: IndicatorSystem, form: SheetForm) -> bool:
    """Save the sheet; what is wrong stands at its cell afterwards."""
    with told_in(form, "expected"):
        try:
            with transaction():
                scoring.save_scores(actor(), system, form.told(), form.expected.data)
            return True
        except scoring.FaultySheet as refusal:
            form.point_out(refusal.faults)
    return False


def sheet_page(system: IndicatorSystem, form: SheetForm) -> str:
    """The sheet: to be filled in by the agency, to be read by the others."""
    locked = report_of_round(system.engagement) is not None
    may = system.is_in_force and not locked and can(actor(), Permission.SCORE_EDIT, system)
    return render_template(
        "indicators/scores.html",
        system=system,
        form=form,
        fields={row.form.code.data: row.form for row in form.rows},
        sheet=queries.sheet_of(system.indicators),
        grade=joining.grade_for(system),
        may_score=may,
        is_locked=locked,
        papers=queries.evidence_papers(system.engagement),
    )


@bp.get("/indicator-systems/<int:system_id>/scores/workbook")
def export_scores(system_id: int) -> ResponseReturnValue:
    system = sheet_to_read(system_id)
    sheet, grade = queries.sheet_of(system.indicators), joining.grade_for(system)
    words = _("Project grade: %(grade)s", grade=GRADES[grade]) if grade else ""
    last = (_("Total"), "", words, "", sheet.points, None, sheet.total, "", "", "")
    made = workbook.score_sheets(system, last)
    with transaction():
        services.record_export(actor(), system, "scores")
    answer = Response(made, mimetype=XLSX_MIME)
    name = _("%(code)s scoring sheet", code=system.engagement.code)
    answer.headers["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return answer


@bp.get("/engagements/<int:engagement_id>/coverage")
def coverage_map(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.INDICATOR_READ)
    papers = queries.evidence_papers(engagement)
    systems = queries.systems_in_force(engagement)
    return render_template(
        "indicators/coverage.html",
        engagement=engagement,
        maps=[coverage.map_of(system, papers) for system in systems],
        unlinked=coverage.unlinked(systems, papers),
        sheets=queries.scoring_papers(engagement),
        points_text=points_text,
    )
