from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from app import clock
from app.accounts.lookup_fields import Roll
from app.accounts.lookups import Lookup, lookups
from app.accounts.models import User
from app.agencies import services as agencies
from app.agencies.forms import EvaluatorForm
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import MINIMUM
from app.agencies.queries import agencies as registered
from app.agencies.views import accounts_of, standing
from app.db import db, transaction
from app.errors import Conflict
from app.policy import Permission
from app.upkeep import figures, queries, transfers
from app.upkeep.blueprint import bp
from app.upkeep.forms import DecisionForm, TransferForm, corrected, form_of
from app.upkeep.models import Transfer
from app.upkeep.next_steps import steps_after, steps_left
from app.web import actor, gate, load, page_of, spend, told_in

READ = Permission.EVIDENCE_READ
ASK, DECIDE = Permission.TRANSFER_ASK, Permission.TRANSFER_DECIDE


@bp.get("/evaluators/<int:evaluator_id>")
def evaluator(evaluator_id: int) -> ResponseReturnValue:
    person = load(Evaluator, evaluator_id, READ)
    return render_template(
        "upkeep/evaluator.html",
        person=person,
        standing=standing(person),
        minimum=MINIMUM,
        work=figures.work_of(person),
        steps=steps_left(actor(), person),
        led=figures.engagements_led(person, actor()),
        signed=figures.reports_signed(person, actor()),
        year=clock.today().year,
    )


@bp.get("/evaluators/<int:evaluator_id>/edit")
def edit_evaluator(evaluator_id: int) -> ResponseReturnValue:
    person = load(Evaluator, evaluator_id, Permission.EVALUATOR_REGISTER)
    return edit_page(person, form_of(person, accounts_for(person)))


def accounts_for(person: Evaluator) -> dict[str, User]:
    """The accounts that may be said to be a practitioner's: their own, and those of nobody."""
    own = {str(person.user_id): person.user} if person.user is not None else {}
    return own | accounts_of(person.agency)


def edit_page(person: Evaluator, form: EvaluatorForm) -> str:
    """The page that corrects a practitioner."""
    return render_template("upkeep/edit_evaluator.html", person=person, form=form)


@bp.post("/evaluators/<int:evaluator_id>")
def correct_evaluator(evaluator_id: int) -> ResponseReturnValue:
    person = load(Evaluator, evaluator_id, Permission.EVALUATOR_REGISTER)
    accounts = accounts_for(person)
    form = form_of(person, accounts)
    if form.validate_on_submit():
        with told_in(form, "working_since"), transaction():
            agencies.correct_evaluator(actor(), person, corrected(form))
            agencies.link_account(actor(), person, accounts.get(form.user.data))
    if form.errors:
        return edit_page(person, form), 422
    flash(_("Saved"))
    return redirect(url_for(".evaluator", evaluator_id=person.id))


@bp.get("/evaluator-transfers")
def transfer_index() -> ResponseReturnValue:
    gate(Permission.TRANSFER_LIST)
    return transfers_page({})


def transfers_page(asked: Mapping[int, DecisionForm]) -> str:
    """What was asked for and what became of it; each that waits has a form of its own."""
    page = page_of(queries.transfers_visible_to(actor()), Transfer.id)
    waiting = [one.id for one in page.items if one.is_waiting]
    forms = {key: decision_form(key, formdata=None) for key in waiting} | dict(asked)
    told = {"forms": forms, "asked": asked, "steps": steps_after(actor(), page.items)}
    return render_template("upkeep/transfers.html", page=page, **told)


def decision_form(transfer_id: int, **more: Any) -> DecisionForm:
    """The form that decides one transfer: a page holds one for each."""
    return DecisionForm(prefix=f"transfer{transfer_id}", **more)


def other_agencies(user: User) -> Select[Agency]:
    """Every agency of the register but one's own."""
    return registered().where(Agency.id != user.organisation_id)


lookups["transfer-agencies"] = Lookup(ASK, other_agencies)


@bp.get("/evaluator-transfers/new")
def new_transfer() -> ResponseReturnValue:
    gate(ASK)
    form = TransferForm().offer(Roll(other_agencies(actor())))
    return render_template("upkeep/new_transfer.html", form=form)


@bp.post("/evaluator-transfers")
def ask_transfer() -> ResponseReturnValue:
    gate(ASK)
    form = TransferForm().offer(Roll(other_agencies(actor())))
    if form.validate_on_submit():
        old = db.session.get_one(Agency, form.agency.data)
        with told_in(form, "name"), transaction():
            spend(form.once.data)
            transfers.ask_transfer(actor(), old, form.name.data or "", form.reason.data or "")
    if form.errors:
        return render_template("upkeep/new_transfer.html", form=form), 422
    flash(_("Asked. The agency where the person works, or the section, decides"))
    return redirect(url_for(".transfer_index"))


def undecided(transfer_id: int) -> Transfer:
    """A transfer that somebody wants to decide on: a second decision hears of the first."""
    transfer = load(Transfer, transfer_id, Permission.TRANSFER_READ)
    if transfer.outcome is not None:
        raise Conflict(_("This was decided already"))
    return transfer


@bp.post("/evaluator-transfers/<int:transfer_id>/decision")
def decide_transfer(transfer_id: int) -> ResponseReturnValue:
    transfer = undecided(transfer_id)
    form = decision_form(transfer_id)
    gate(DECIDE, transfer)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            if form.outcome.data == "release":
                transfers.release_transfer(actor(), transfer)
            else:
                transfers.refuse_transfer(actor(), transfer, form.words.data or "")
    if form.errors:
        return transfers_page({transfer_id: form}), 422
    flash(_("The transfer is decided"))
    return redirect(url_for(".transfer_index"))
