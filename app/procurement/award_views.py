"""An award: its notice, objections, the contract and what is owed after it."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, pdf
from app.accounts.lookups import Lookup, lookups
from app.accounts.queries import names_of
from app.agencies.queries import agencies
from app.audit.timeline import timeline
from app.db import db
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import AGENCY_ROLES, Permission, can
from app.procurement import awarding, choosing, labels, objecting, owing
from app.procurement.asking import Ask, settle
from app.procurement.blueprint import bp
from app.procurement.choice_labels import STANDINGS
from app.procurement.clashes import joint_of
from app.procurement.lot_forms import ContractForm, DutyForm, ObjectionForm, WordsForm
from app.procurement.models import Award, AwardObjection
from app.web import actor, gate, load

READ, AWARD = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_AWARD
OBJECT = Permission.PROCUREMENT_OBJECT
lookups["objecting-agencies"] = Lookup(AWARD, lambda _user: agencies())
WORDS = {"texts": labels.TEXTS, "standings": STANDINGS}


@bp.get("/awards/<int:award_id>")
def show_award(award_id: int) -> ResponseReturnValue:
    award, user = load(Award, award_id, READ), actor()
    return render_template(
        "procurement/award.html",
        **about(award),
        duties=owing.clocks_of(award, user),
        choice=choosing.choice_of(award) if can(user, Permission.PACK_READ, award) else None,
        against=awarding.stands_against(award, clock.today()),
        last_day=objecting.last_day(award),
        last_complaint_day=objecting.last_complaint_day,
        **WORDS,
        today=clock.today(),
        entries=timeline(award, names=names_of),
    )


def about(award: Award) -> dict[str, Any]:
    """The award with its lot and need, and the agreement of those who signed up together."""
    lot = award.lot
    return {"award": award, "lot": lot, "need": lot.need, "joint": joint_of(award)}


@bp.get("/awards/<int:award_id>/notice.pdf")
def award_notice(award_id: int) -> ResponseReturnValue:
    award = load(Award, award_id, READ)
    if award.withdrawn_at is not None:
        raise Missing
    due = awarding.contract_due(award)
    html = render_template("pdf/award.html", **about(award), due=due)
    reply = Response(pdf.render_pdf(html), mimetype="application/pdf")
    name = f"{_('Notice of award')}-{award.lot.need.code}-{award.lot.number:02d}.pdf"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


def _ask(award: Award, heading: str, submit: str, note: str = "") -> Ask:
    back = url_for(".show_award", award_id=award.id)
    return Ask(heading, f"{award.lot.name} · {award.agency.name}", submit, back, note)


@bp.route("/awards/<int:award_id>/contract", methods=["GET", "POST"])
def sign(award_id: int) -> ResponseReturnValue:
    award = load(Award, award_id, AWARD)
    form = ContractForm() if request.method == "POST" else ContractForm.about(award)
    note = _("Name, tasks, fee, parties and lead evaluator come from need and award.")
    told = _ask(award, _("Enter the signed contract"), _("Enter and open the engagement"), note)
    return settle(
        form,
        told,
        lambda: awarding.sign_contract(actor(), award, form.told()),
        _("The contract is entered; the engagement is open"),
    )


@bp.route("/awards/<int:award_id>/withdrawal", methods=["GET", "POST"])
def withdraw_award(award_id: int) -> ResponseReturnValue:
    award, form = load(Award, award_id, AWARD), WordsForm.called(_("Reason"))
    note = _("After a draw the next one drawn takes over.")
    told = _ask(award, _("Withdraw the award"), _("Withdraw"), note)
    done = _("The award is withdrawn; the lot is free again")
    return settle(form, told, lambda: awarding.withdraw_award(actor(), award, form.text), done)


@bp.route("/awards/<int:award_id>/duty", methods=["GET", "POST"])
def note_duty(award_id: int) -> ResponseReturnValue:
    award, form = load(Award, award_id, AWARD), DutyForm()
    told = _ask(award, _("After the signature"), _("Enter"))
    return settle(
        form,
        told,
        lambda: awarding.note_duty(actor(), award, form.duty.data, form.day.data),
        _("Entered"),
    )


@bp.route("/awards/<int:award_id>/objections", methods=["GET", "POST"])
def object_to(award_id: int) -> ResponseReturnValue:
    award = load(Award, award_id, READ)
    gate(OBJECT, award)
    user = actor()
    form = ObjectionForm().bind(user.organisation_id if user.role in AGENCY_ROLES else None)
    told = _ask(award, _("Object to the result"), _("Object"), str(objecting.rule_for(award)))
    done = _("The objection is entered; the answer has its last day")
    return settle(form, told, lambda: objecting.object_to(actor(), award, *form.told()), done)


def _of(award_objection_id: int, permission: Permission) -> AwardObjection:
    found = _objection(award_objection_id)
    about = found if permission is Permission.PROCUREMENT_COMPLAIN else found.award
    gate(permission, about)
    return found


def _objection(key: int) -> AwardObjection:
    """An objection whose award this person reads."""
    found = db.session.get(AwardObjection, key)
    if found is None:
        raise Missing
    load(Award, found.award_id, READ)
    return found


@bp.route("/award-objections/<int:award_objection_id>/answer", methods=["GET", "POST"])
def answer_objection(award_objection_id: int) -> ResponseReturnValue:
    found, form = _of(award_objection_id, AWARD), WordsForm.called(_("Answer"))
    told = _ask(found.award, _("Answer the objection"), _("Answer"), found.words)
    done = _("The answer is entered")
    return settle(form, told, lambda: objecting.answer(actor(), found, form.text), done)


@bp.route("/award-objections/<int:award_objection_id>/complaint", methods=["GET", "POST"])
def complain(award_objection_id: int) -> ResponseReturnValue:
    found = _of(award_objection_id, Permission.PROCUREMENT_COMPLAIN)
    form = WordsForm.called(_("What is complained of, and by which facts"))
    told = _ask(found.award, _("Enter the complaint"), _("Enter"), found.answer)
    done = _("The complaint is entered; the decision has its last day")
    return settle(form, told, lambda: objecting.complain(actor(), found, form.text), done)


@bp.route("/award-objections/<int:award_objection_id>/decision", methods=["GET", "POST"])
def decide(award_objection_id: int) -> ResponseReturnValue:
    found, form = _of(award_objection_id, AWARD), WordsForm.called(_("Decision"))
    told = _ask(found.award, _("Enter the decision on the complaint"), _("Enter"), found.complaint)
    done = _("The decision is entered")
    return settle(form, told, lambda: objecting.decide(actor(), found, form.text), done)
