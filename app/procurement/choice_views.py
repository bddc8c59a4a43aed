"""The reason for a choice outside the best set, and who answers for the thresholds."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db
from app.errors import Missing
from app.policy import Permission
from app.procurement import choosing, confirming, labels
from app.procurement.asking import Ask, settle
from app.procurement.blueprint import bp
from app.procurement.lot_forms import WordsForm
from app.procurement.models import Award
from app.procurement.rule_models import ProcurementRules
from app.web import actor, gate, load

READ, AWARD = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_AWARD


@bp.route("/awards/<int:award_id>/choice-reason", methods=["GET", "POST"])
def reason_choice(award_id: int) -> ResponseReturnValue:
    award = load(Award, award_id, READ)
    gate(AWARD, award)
    form = WordsForm.called(_("Reason outside the best set"))
    back = url_for(".show_award", award_id=award_id)
    about = f"{award.lot.name} · {award.agency.name}"
    note = _("The ranking is evidence, never a gate. The reason stands in the decision pack.")
    told = Ask(_("Why outside the best set"), about, _("Enter"), back, note)
    done = _("The reason is on record")
    return settle(form, told, lambda: choosing.give_reason(actor(), award, form.text), done)


@bp.route("/procurement/rules/<int:rules_id>/confirmation", methods=["GET", "POST"])
def confirm_rules(rules_id: int) -> ResponseReturnValue:
    gate(Permission.PROCUREMENT_PLAN)
    rules = db.session.get(ProcurementRules, rules_id)
    if rules is None:
        raise Missing
    form = WordsForm.called(_("Compared with (title, number and date of the official text)"))
    back, note = url_for(".rules"), labels.figures_of(rules)
    told = Ask(_("Confirm the thresholds"), rules.document_no, _("Confirm"), back, note)
    done = _("The thresholds are confirmed; needs may be placed by them")
    return settle(form, told, lambda: confirming.confirm_rules(actor(), rules, form.text), done)
