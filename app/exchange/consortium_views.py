from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.lookup_fields import Roll
from app.accounts.lookups import Lookup, lookups
from app.db import transaction
from app.exchange import agreeing, queries
from app.exchange.blueprint import bp
from app.exchange.forms import ConsortiumForm
from app.exchange.models import Consortium
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend, told_in

PROPOSE, ANSWER = Permission.CONSORTIUM_PROPOSE, Permission.CONSORTIUM_ANSWER
lookups["partner-agencies"] = Lookup(PROPOSE, queries.other_agencies)


@bp.get("/consortia")
def consortia() -> ResponseReturnValue:
    gate(Permission.POST_LIST)
    page = page_of(queries.consortia_visible_to(actor()), Consortium.id, 30)
    return render_template("exchange/consortia.html", page=page)


@bp.get("/consortia/new")
def new_consortium() -> ResponseReturnValue:
    gate(PROPOSE)
    return render_template("exchange/consortium_form.html", form=consortium_form())


def consortium_form() -> ConsortiumForm:
    """The form with the agencies that may be asked."""
    return ConsortiumForm().offer(Roll(queries.other_agencies(actor())))


@bp.post("/consortia")
def propose() -> ResponseReturnValue:
    gate(PROPOSE)
    form = consortium_form()
    if form.validate_on_submit():
        with told_in(form, "name"), transaction():
            spend(form.once.data)
            parts = form.parts(actor().organisation_id)
            name, words = form.name.data or "", form.words.data or ""
            agreeing.propose_consortium(actor(), name, words, parts)
    if form.errors:
        return render_template("exchange/consortium_form.html", form=form), 422
    flash(_("Proposed. It is in force when every member has agreed"))
    return redirect(url_for(".consortia"))


@bp.post("/consortia/<int:consortium_id>/consent")
def agree(consortium_id: int) -> ResponseReturnValue:
    made = load(Consortium, consortium_id, ANSWER)
    with transaction():
        agreeing.agree(actor(), made)
    flash(_("Your agency has agreed"))
    return redirect(url_for(".consortia"))


@bp.post("/consortia/<int:consortium_id>/end")
def end_consortium(consortium_id: int) -> ResponseReturnValue:
    made = load(Consortium, consortium_id, ANSWER)
    with transaction():
        agreeing.end_consortium(actor(), made)
    flash(_("The agreement has ended"))
    return redirect(url_for(".consortia"))
