"""The pages of a year's list: drawing it up, each row, notice, decision, publication, files."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import assessments, clock
from app.accounts.queries import names_of
from app.assessments import annual, annual_files, annual_queries, objections
from app.assessments.annual_models import AnnualList, AnnualRow
from app.assessments.blueprint import bp
from app.assessments.forms import (
    DecisionForm,
    DrawForm,
    PublicationForm,
    RowConsequenceForm,
    WordsForm,
)
from app.assessments.vocabulary import ConsequenceKind
from app.audit.timeline import timeline
from app.db import db, transaction
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission, can
from app.web import actor, gate, load, spend, told_in


@bp.get("/annual-assessments")
def years() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_RULES_READ)
    return years_page(DrawForm(year=clock.today().year))


def years_page(form: DrawForm) -> str:
    """The lists that the reader may open; an agency's own rows; where a list is drawn up."""
    user = actor()
    found = db.session.scalars(annual_queries.lists_visible_to(user).limit(60)).all()
    own = annual_queries.own_rows(user)
    return render_template("assessments/years.html", found=found, own=own, form=form)


@bp.post("/annual-assessments")
def draw() -> ResponseReturnValue:
    gate(Permission.ANNUAL_LIST_DRAW)
    form, made = DrawForm(), None
    if form.validate_on_submit():
        with told_in(form, "year"), transaction():
            spend(form.once.data)
            made = annual.draw_list(actor(), form.year.data, form.reason.data or "")
    if made is None:
        return years_page(form), 422
    flash(_("The list is drawn up. It is a draft that no agency sees"))
    return redirect(url_for(".show_year", list_id=made.id))


@bp.get("/annual-assessments/<int:list_id>")
def show_year(list_id: int) -> ResponseReturnValue:
    found, user = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ), actor()
    rows = annual_queries.rows_of(found)
    keys = [row.agency_id for row in rows]
    evidence = [panel(keys, user) for panel in assessments.evidence]
    sees_all = can(user, Permission.ASSESSMENT_LIST, None) and user.agency_id is None
    return render_template(
        "assessments/year.html",
        found=found,
        rows=rows,
        evidence=[one for one in evidence if one is not None],
        objections=annual_queries.objections_to(found) if sees_all else {},
        digest=annual.digest_of(found),
        sees_all=sees_all,
        entries=timeline(found, names=names_of) if sees_all else [],
    )


@bp.get("/annual-assessments/rows/<int:row_id>")
def show_row(row_id: int) -> ResponseReturnValue:
    row, user = load(AnnualRow, row_id, Permission.ANNUAL_ROW_READ), actor()
    inside = can(user, Permission.OBJECTION_READ, row)
    objection = objections.objection_to(row) if inside else None
    raises = can(user, Permission.OBJECTION_RAISE, row) and objections.may_object(row)
    return render_template(
        "assessments/row.html",
        row=row,
        year=annual_queries.recomputed(row),
        objection=objection,
        inside=inside,
        jobs=annual_queries.jobs_told_to(user, row),
        credits=annual_queries.entries_told_to(user, row),
        may_object=raises and objection is None,
    )


@bp.get("/annual-assessments/rows/<int:row_id>/consequence")
def ask_row_consequence(row_id: int) -> ResponseReturnValue:
    row = load(AnnualRow, row_id, Permission.ANNUAL_ROW_READ)
    gate(Permission.ANNUAL_LIST_DRAW, row)
    form = RowConsequenceForm(kind=row.consequence.value, words=row.consequence_words)
    return render_template("assessments/row_consequence.html", row=row, form=form)


@bp.post("/annual-assessments/rows/<int:row_id>/consequence")
def set_row_consequence(row_id: int) -> ResponseReturnValue:
    row = load(AnnualRow, row_id, Permission.ANNUAL_ROW_READ)
    gate(Permission.ANNUAL_LIST_DRAW, row)
    form = RowConsequenceForm()
    if form.validate_on_submit():
        with told_in(form, "kind"), transaction():
            kind = ConsequenceKind(form.kind.data)
            annual.propose_consequence(actor(), row, kind, form.words.data)
    if form.errors:
        return render_template("assessments/row_consequence.html", row=row, form=form), 422
    return redirect(url_for(".show_year", list_id=row.list_id))


@bp.get("/annual-assessments/<int:list_id>/notice")
def ask_notice(list_id: int) -> ResponseReturnValue:
    found = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ)
    gate(Permission.ANNUAL_LIST_DRAW, found)
    return render_template("assessments/notice.html", found=found, form=WordsForm())


@bp.post("/annual-assessments/<int:list_id>/notice")
def give_notice(list_id: int) -> ResponseReturnValue:
    found, form = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ), WordsForm()
    gate(Permission.ANNUAL_LIST_DRAW, found)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(form.once.data)
            annual.give_notice(actor(), found, form.words.data or "")
    if form.errors:
        return render_template("assessments/notice.html", found=found, form=form), 422
    flash(_("The agencies have been given notice"))
    return redirect(url_for(".show_year", list_id=list_id))


@bp.get("/annual-assessments/<int:list_id>/decision")
def ask_list_decision(list_id: int) -> ResponseReturnValue:
    found = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ)
    gate(Permission.ANNUAL_LIST_DECIDE, found)
    return render_template("assessments/decide_year.html", found=found, form=DecisionForm())


@bp.post("/annual-assessments/<int:list_id>/decision")
def decide_list(list_id: int) -> ResponseReturnValue:
    found, form = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ), DecisionForm()
    gate(Permission.ANNUAL_LIST_DECIDE, found)
    if form.validate_on_submit():
        approves = form.decision.data == "approve"
        with told_in(form, "words"), transaction():
            step = annual.approve_list if approves else annual.return_list
            step(actor(), found, form.words.data)
    if form.errors:
        return render_template("assessments/decide_year.html", found=found, form=form), 422
    flash(_("Your decision is on record"))
    return redirect(url_for(".show_year", list_id=list_id))


@bp.get("/annual-assessments/<int:list_id>/publication")
def ask_publication(list_id: int) -> ResponseReturnValue:
    found = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ)
    gate(Permission.ANNUAL_LIST_PUBLISH, found)
    return render_template("assessments/publish.html", found=found, form=PublicationForm())


@bp.post("/annual-assessments/<int:list_id>/publication")
def publish(list_id: int) -> ResponseReturnValue:
    found, form = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ), PublicationForm()
    gate(Permission.ANNUAL_LIST_PUBLISH, found)
    if form.validate_on_submit():
        with told_in(form, "document_no"), transaction():
            annual.publish_list(actor(), found, form.document_no.data)
    if form.errors:
        return render_template("assessments/publish.html", found=found, form=form), 422
    flash(_("The list is published and frozen"))
    return redirect(url_for(".show_year", list_id=list_id))


@bp.get("/annual-assessments/<int:list_id>/files/<string:form>")
def export_year(list_id: int, form: str) -> ResponseReturnValue:
    found = load(AnnualList, list_id, Permission.ANNUAL_LIST_READ)
    if form not in annual_files.MIMES:
        raise Missing
    bureau = str(current_app.config["BUREAU_NAME"])
    made = annual_files.make(found, form, bureau, actor())
    with transaction():
        annual.record_export(actor(), found, form)
    answer = Response(made, mimetype=annual_files.MIMES[form])
    name = annual_files.title_of(found)
    answer.headers["Content-Disposition"] = content_disposition(f"{name}.{form}")
    return answer
