"""The pages of objections and appeals."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.assessments import credit_queries, objections
from app.assessments.annual_models import AnnualRow
from app.assessments.blueprint import bp
from app.assessments.credit_models import Consequence
from app.assessments.forms import ObjectionForm, RulingForm
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection
from app.assessments.objections import Target
from app.audit.timeline import timeline
from app.db import transaction
from app.policy import Permission, can
from app.web import actor, gate, load, page_of, spend, told_in

PAGES = {
    Assessment: ("assessments.show", "assessment_id"),
    AnnualRow: ("assessments.show_row", "row_id"),
    Consequence: ("assessments.show_consequence", "consequence_id"),
}


def page_of_target(target: Target) -> str:
    """The page of what an objection is raised against."""
    endpoint, name = PAGES[type(target)]
    arguments: dict[str, Any] = {name: target.id}
    return url_for(endpoint, **arguments)


@bp.get("/objections")
def list_objections() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_LIST)
    query = credit_queries.objections_visible_to(actor())
    waiting = request.args.get("state") == "waiting"
    if waiting:
        query = query.where(Objection.decided_at.is_(None))
    page = page_of(query, Objection.id)
    return render_template("assessments/objections.html", page=page, waiting=waiting)


@bp.get("/objections/<int:objection_id>")
def show_objection(objection_id: int) -> ResponseReturnValue:
    found, user = load(Objection, objection_id, Permission.OBJECTION_READ), actor()
    return render_template(
        "assessments/objection.html",
        found=found,
        target_url=page_of_target(found.target),
        may_decide=found.is_undecided and can(user, Permission.OBJECTION_DECIDE, found),
        people=names_of({key for key in (found.raised_by_id, found.decided_by_id) if key}),
        entries=timeline(found, names=names_of),
    )


@bp.get("/objections/<int:objection_id>/decision")
def ask_ruling(objection_id: int) -> ResponseReturnValue:
    found = load(Objection, objection_id, Permission.OBJECTION_READ)
    gate(Permission.OBJECTION_DECIDE, found)
    return render_template("assessments/rule.html", found=found, form=RulingForm())


@bp.post("/objections/<int:objection_id>/decision")
def decide_objection(objection_id: int) -> ResponseReturnValue:
    found, form = load(Objection, objection_id, Permission.OBJECTION_READ), RulingForm()
    gate(Permission.OBJECTION_DECIDE, found)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            objections.decide_objection(actor(), found, *form.told())
    if form.errors:
        return render_template("assessments/rule.html", found=found, form=form), 422
    flash(_("Your decision is on record"))
    return redirect(url_for(".show_objection", objection_id=objection_id))


@bp.get("/assessments/<int:assessment_id>/objection")
def ask_assessment_objection(assessment_id: int) -> ResponseReturnValue:
    return asked(load(Assessment, assessment_id, Permission.ASSESSMENT_READ))


@bp.post("/assessments/<int:assessment_id>/objection")
def object_to_assessment(assessment_id: int) -> ResponseReturnValue:
    return sent(load(Assessment, assessment_id, Permission.ASSESSMENT_READ))


@bp.get("/annual-assessments/rows/<int:row_id>/objection")
def ask_row_objection(row_id: int) -> ResponseReturnValue:
    return asked(load(AnnualRow, row_id, Permission.ANNUAL_ROW_READ))


@bp.post("/annual-assessments/rows/<int:row_id>/objection")
def object_to_row(row_id: int) -> ResponseReturnValue:
    return sent(load(AnnualRow, row_id, Permission.ANNUAL_ROW_READ))


@bp.get("/consequences/<int:consequence_id>/objection")
def ask_appeal(consequence_id: int) -> ResponseReturnValue:
    return asked(load(Consequence, consequence_id, Permission.CONSEQUENCE_READ))


@bp.post("/consequences/<int:consequence_id>/objection")
def appeal(consequence_id: int) -> ResponseReturnValue:
    return sent(load(Consequence, consequence_id, Permission.CONSEQUENCE_READ))


def asked(target: Target) -> str:
    """The form of an objection."""
    gate(Permission.OBJECTION_RAISE, target)
    return objection_page(target, ObjectionForm())


def objection_page(target: Target, form: ObjectionForm) -> str:
    """The page with the form, and what is objected to."""
    back = page_of_target(target)
    told = {"back": back, "is_open": objections.may_object(target)}
    told["before"] = objections.objection_to(target)
    return render_template("assessments/object.html", target=target, form=form, **told)


def sent(target: Target) -> ResponseReturnValue:
    """Take an objection, or show its form again with what is wrong."""
    gate(Permission.OBJECTION_RAISE, target)
    form, made = ObjectionForm(), None
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(form.once.data)
            made = objections.raise_objection(actor(), target, form.words.data)
    if made is None:
        return objection_page(target, form), 422
    flash(_("Your objection is on record"))
    return redirect(url_for(".show_objection", objection_id=made.id))
