from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.db import transaction
from app.engagements.labels import PARTIES
from app.policy import Permission
from app.screening import labels, queries, services
from app.screening.forms import RemarkForm, remark_form
from app.screening.models import Flag, FlagState, Screen
from app.screening.quarantine import ranking_without
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("screening", __name__, url_prefix="/flags")


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.FLAG_LIST)
    asked = request.args.get("state", FlagState.OPEN.value)
    state = FlagState(asked) if asked in set(FlagState) else None
    page = page_of(queries.flags(state), Flag.id)
    facts = {"state": state, "counts": queries.counts(), "measured": queries.measured()}
    return render_template("screening/index.html", page=page, labels=labels, **facts)


@bp.get("/<int:flag_id>")
def show(flag_id: int) -> ResponseReturnValue:
    flag = load(Flag, flag_id, Permission.FLAG_READ)
    return shown(flag, remark_form(flag))


def shown(flag: Flag, form: RemarkForm) -> str:
    """One sign with its figures, the errors of its screen, and what people said."""
    raters: list[int] = flag.figures.get("raters", [])
    facts: dict[str, Any] = {"flag": flag, "form": form, "names": names_of(set(raters))}
    facts |= {"measured": queries.measured(), "parties": PARTIES, "labels": labels}
    if flag.screen is Screen.RING and flag.agency_id is not None:
        facts["without"] = ranking_without(flag.agency_id, raters)
    return render_template("screening/show.html", **facts)


@bp.post("/<int:flag_id>/remarks")
def remark(flag_id: int) -> ResponseReturnValue:
    flag = load(Flag, flag_id, Permission.FLAG_READ)
    form = remark_form(flag)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            services.remark(actor(), flag, FlagState(form.state.data), form.words.data or "")
    if form.errors:
        return shown(flag, form), 422
    flash(_("Saved. Nothing else changes by itself"))
    return redirect(url_for(".show", flag_id=flag_id))
