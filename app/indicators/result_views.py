"""What results did to budgets: proposing, writing down decisions, and the ledger of a year."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.engagements.models import Engagement, Task
from app.exporting import XLSX_MIME, content_disposition
from app.indicators import joining, ledger, queries, results
from app.indicators.blueprint import bp
from app.indicators.forms import ReasonForm
from app.indicators.models import ResultUse
from app.indicators.score_forms import DecisionForm, ProposalForm
from app.intake import whole
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in


def asked_year() -> int:
    """The budget year that the reader asked for, else the newest with rows, else next year."""
    years = queries.budget_years(actor())
    asked = request.args.get("year", type=whole)
    return asked or (years[0] if years else clock.today().year + 1)


@bp.get("/result-uses")
def result_index() -> ResponseReturnValue:
    gate(Permission.RESULT_LIST)
    year = asked_year()
    return render_template(
        "indicators/results.html",
        year=year,
        years=sorted({*queries.budget_years(actor()), year}, reverse=True),
        page=page_of(queries.results_of_year(actor(), year), ResultUse.id, 100),
        totals=queries.totals_of_year(actor(), year),
    )


@bp.get("/result-uses/workbook")
def export_results() -> ResponseReturnValue:
    gate(Permission.RESULT_LIST)
    year = asked_year()
    rows = queries.ledger_of_year(actor(), year)
    made = ledger.as_workbook(rows, year)
    with transaction():
        results.record_export(actor(), year, len(rows))
    answer = Response(made, mimetype=XLSX_MIME)
    name = _("Use of results, budget %(year)s", year=year)
    answer.headers["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return answer


@bp.get("/engagements/<int:engagement_id>/result-uses")
def engagement_results(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.RESULT_READ)
    rows = queries.results_of(engagement)
    return render_template(
        "indicators/engagement_results.html",
        engagement=engagement,
        rows=rows,
        people=names_of({row.proposed_by_id for row in rows}),
        entries=timeline(*rows, names=names_of) if rows else [],
    )


@bp.get("/tasks/<int:task_id>/result-uses/new")
def ask_result(task_id: int) -> ResponseReturnValue:
    task = load(Task, task_id, Permission.RESULT_READ)
    gate(Permission.RESULT_PROPOSE, task)
    return proposal_page(task, ProposalForm.of(task, fresh_token()))


@bp.post("/tasks/<int:task_id>/result-uses")
def propose(task_id: int) -> ResponseReturnValue:
    task, form = load(Task, task_id, Permission.RESULT_READ), ProposalForm()
    gate(Permission.RESULT_PROPOSE, task)
    with told_in(form, "cut"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                results.propose_result(actor(), task, form.told(), joining.bands())
    if form.errors:
        return proposal_page(task, form), 422
    flash(_("The proposal is on record"))
    return redirect(url_for(".engagement_results", engagement_id=task.engagement_id))


def proposal_page(task: Task, form: ProposalForm) -> str:
    """The page of the form, with the sheet's own score where there is one."""
    score = results.sheet_score(task)
    form.score.flags.required = score is None
    return render_template("indicators/propose.html", task=task, form=form, score=score)


@bp.get("/result-uses/<int:result_id>/decision")
def ask_decision(result_id: int) -> ResponseReturnValue:
    row = load(ResultUse, result_id, Permission.RESULT_READ)
    gate(Permission.RESULT_DECIDE, row)
    form = DecisionForm.of(row.proposed_cut_fen)
    return render_template("indicators/decide.html", row=row, form=form)


@bp.post("/result-uses/<int:result_id>/decision")
def decide(result_id: int) -> ResponseReturnValue:
    row, form = load(ResultUse, result_id, Permission.RESULT_READ), DecisionForm()
    gate(Permission.RESULT_DECIDE, row)
    with told_in(form, "cut"):
        if form.validate_on_submit():
            with transaction():
                results.decide_result(actor(), row, form.told())
    if form.errors:
        return render_template("indicators/decide.html", row=row, form=form), 422
    flash(_("The decision is on record"))
    return redirect(url_for(".engagement_results", engagement_id=row.engagement_id))


@bp.get("/result-uses/<int:result_id>/withdrawal")
def ask_void(result_id: int) -> ResponseReturnValue:
    row = load(ResultUse, result_id, Permission.RESULT_READ)
    gate(Permission.RESULT_DECIDE, row)
    return render_template("indicators/void.html", row=row, form=ReasonForm())


@bp.post("/result-uses/<int:result_id>/withdrawal")
def void(result_id: int) -> ResponseReturnValue:
    row, form = load(ResultUse, result_id, Permission.RESULT_READ), ReasonForm()
    gate(Permission.RESULT_DECIDE, row)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                results.void_result(actor(), row, form.words.data)
    if form.errors:
        return render_template("indicators/void.html", row=row, form=form), 422
    flash(_("Voided; the row stays readable"))
    return redirect(url_for(".engagement_results", engagement_id=row.engagement_id))
