"""The rules of warnings: what holds, every version, and what other numbers would have raised."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.alerts import labels, looking, queries, services
from app.alerts.blueprint import bp
from app.alerts.forms import RuleForm, rule_form
from app.alerts.kinds import RULES
from app.alerts.models import AlertKind, AlertRule
from app.db import transaction
from app.engagements.queries import names_by_id
from app.errors import Missing
from app.policy import Permission
from app.web import actor, gate, spend, told_in

MOST_SHOWN = 100


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    gate(Permission.ALERT_RULE_READ)
    shown = {"rules": queries.rules_in_force(), "raised": queries.raised_by_rule()}
    return render_template("alerts/rules.html", labels=labels, settings=RULES, **shown)


def of_kind(name: str) -> AlertRule:
    """The version in force of a kind's rule."""
    rule = queries.rule_in_force(AlertKind(name)) if name in set(AlertKind) else None
    if rule is None:
        raise Missing
    return rule


@bp.get("/rules/<string:kind>")
def rule(kind: str) -> ResponseReturnValue:
    gate(Permission.ALERT_RULE_READ)
    found = of_kind(kind)
    return rule_page(found, rule_form(found))


def rule_page(rule: AlertRule, form: RuleForm, numbers: dict[str, int] | None = None) -> str:
    """A rule with its form, its versions, and what it would have raised since a year ago."""
    told = looking.preview(rule.kind, numbers or rule.settings)
    shown = told.findings[:MOST_SHOWN]
    return render_template(
        "alerts/rule.html",
        rule=rule,
        form=form,
        numbers=numbers or rule.settings,
        settings=RULES[rule.kind],
        preview=told,
        shown=shown,
        names=names_by_id({each.engagement_id for each in shown}),
        versions=queries.versions_of(rule.kind),
        labels=labels,
    )


@bp.post("/rules/<string:kind>")
def edit_rule(kind: str) -> ResponseReturnValue:
    gate(Permission.ALERT_RULE_EDIT)
    rule = of_kind(kind)
    form, trying = rule_form(rule), request.form.get("act") == "try"
    if trying and all(form[name].validate(form) for name in form.names):
        return rule_page(rule, form, form.numbers)
    if not trying and form.validate_on_submit():
        with told_in(form, "reason"):
            save(rule, form)
    if trying or form.errors:
        return rule_page(rule, form), 422
    flash(_("The rule is changed; it looks so from tonight on"))
    return redirect(url_for(".rule", kind=kind))


def save(rule: AlertRule, form: RuleForm) -> None:
    """The next version of a rule, once."""
    with transaction():
        spend(form.once.data)
        told = {"answer_days": form.answer_days.data, "reason": form.reason.data or ""}
        services.edit_rule(actor(), rule, form.numbers, is_on=form.is_on.data, **told)
