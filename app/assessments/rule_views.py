"""The pages of the form and the rules, and of their versions."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.assessments import proposing, queries
from app.assessments.blueprint import bp
from app.assessments.models import AssessmentForm, AssessmentRules
from app.assessments.rule_forms import RulesForm, ScoredFormForm
from app.db import transaction
from app.identity import acts
from app.policy import Permission
from app.web import actor, gate, load, told_in


@bp.get("/assessment-rules")
def show_rules() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_RULES_READ)
    versions, forms = queries.all_rules(), queries.forms()
    made_by = [one.made_by_id for one in versions] + [one.made_by_id for one in forms]
    return render_template(
        "assessments/rules.html",
        rules=versions[0],
        versions=versions,
        form=forms[0],
        forms=forms,
        people=names_of({key for key in made_by if key}),
        **proposals(versions[0]),
    )


def proposals(rules: AssessmentRules) -> dict[str, Any]:
    """What waits for the leader: how the rules would change, and the lines of the next form."""
    asked, form = acts.waiting(proposing.RULES), acts.waiting(proposing.FORM)
    return {
        "asked_rules": asked,
        "changes": proposing.changes_of(rules, proposing.proposed_rules(asked)) if asked else [],
        "asked_form": form,
        "proposed_items": proposing.proposed_items(form) if form else [],
    }


@bp.get("/assessment-rules/edit")
def edit_rules() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_RULES_EDIT)
    return render_template(
        "assessments/edit_rules.html", form=RulesForm.of(queries.rules_in_force())
    )


@bp.post("/assessment-rules/edit")
def save_rules() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_RULES_EDIT)
    form = RulesForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            before = queries.rules_in_force()
            proposing.propose_rules(actor(), before, form.told(), form.reason.data)
    if form.errors:
        return render_template("assessments/edit_rules.html", form=form), 422
    flash(_("Proposed. The next version holds when the leader confirms it"))
    return redirect(url_for(".show_rules"))


@bp.get("/assessment-forms/<int:form_id>")
def show_form(form_id: int) -> ResponseReturnValue:
    found = load(AssessmentForm, form_id, Permission.ASSESSMENT_RULES_READ)
    return render_template("assessments/form.html", found=found)


@bp.get("/assessment-forms/<int:form_id>/edit")
def edit_form(form_id: int) -> ResponseReturnValue:
    found = load(AssessmentForm, form_id, Permission.ASSESSMENT_RULES_READ)
    gate(Permission.ASSESSMENT_RULES_EDIT, found)
    form = ScoredFormForm.of(found)
    return render_template("assessments/edit_form.html", found=found, form=form)


@bp.post("/assessment-forms/<int:form_id>/edit")
def save_form(form_id: int) -> ResponseReturnValue:
    found = load(AssessmentForm, form_id, Permission.ASSESSMENT_RULES_READ)
    gate(Permission.ASSESSMENT_RULES_EDIT, found)
    form = ScoredFormForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            more = {"most_bonus": form.most_bonus.data, "reason": form.reason.data}
            proposing.propose_form(actor(), found, form.told(), **more)
    if form.errors:
        return render_template("assessments/edit_form.html", found=found, form=form), 422
    flash(_("Proposed. The next version holds when the leader confirms it"))
    return redirect(url_for(".show_rules"))
