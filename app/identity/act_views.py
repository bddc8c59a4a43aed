from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import labels as people
from app.audit.wording import show_fact
from app.db import transaction
from app.errors import Missing
from app.identity import acts, queries
from app.identity.forms import ActForm
from app.identity.models import DangerousAct
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

bp = Blueprint("acts", __name__, url_prefix="/dangerous-acts")


@bp.record_once
def join(_state: object) -> None:
    """Tell the log how acts are called."""
    show_fact("act", lambda fact: str(acts.ACTS[fact].label if fact in acts.ACTS else fact))


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.DANGEROUS_ACT_LIST)
    return show_acts(ActForm())


def show_acts(form: ActForm, status: int = 200) -> ResponseReturnValue:
    """What waits and what was done, and the form that asks."""
    page = render_template(
        "identity/acts.html",
        page=page_of(queries.dangerous_acts(actor()), DangerousAct.id, 30),
        form=form,
        acts=acts.ACTS,
        roles=people.ROLES,
        once=fresh_token(),
    )
    return page, status


@bp.post("/<string:kind>")
def ask(kind: str) -> ResponseReturnValue:
    if kind not in acts.ACTS or acts.ACTS[kind].asked_on:
        raise Missing
    gate(Permission.DANGEROUS_ACT_ASK, acts.ACTS[kind])
    form = ActForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(request.form.get("once"))
            acts.ask_act(actor(), kind, form.reason.data)
    if form.errors:
        return show_acts(form, 422)
    flash(_("Asked. It is done when another person confirms"))
    return redirect(url_for(".index"))


@bp.post("/<int:act_id>/confirmations")
def confirm(act_id: int) -> ResponseReturnValue:
    asked = load(DangerousAct, act_id, Permission.DANGEROUS_ACT_LIST)
    with transaction():
        acts.confirm_act(actor(), asked)
    flash(_("Confirmed and done"))
    return redirect(url_for(".index"))


@bp.post("/<int:act_id>/refusals")
def refuse(act_id: int) -> ResponseReturnValue:
    asked = load(DangerousAct, act_id, Permission.DANGEROUS_ACT_LIST)
    with transaction():
        acts.refuse_act(actor(), asked)
    flash(_("Nothing was done"))
    return redirect(url_for(".index"))
