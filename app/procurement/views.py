from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, procurement
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.intake import whole
from app.policy import Permission
from app.procurement import (
    award_views,
    bidding,
    choice_views,
    confirming,
    draw_views,
    halves,
    labels,
    lot_views,
    platform_views,
    queries,
    seal_views,
    services,
    times,
)
from app.procurement.asking import Ask, settle
from app.procurement.blueprint import bp
from app.procurement.forms import NeedForm, RulesForm, utc
from app.procurement.lot_forms import UntilForm, WordsForm
from app.procurement.models import Need
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ, PLAN = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_PLAN
__all__ = [
    "award_views",
    "bp",
    "choice_views",
    "draw_views",
    "lot_views",
    "platform_views",
    "seal_views",
]  # they add their pages to bp


@bp.get("/procurement")
def index() -> ResponseReturnValue:
    gate(Permission.PROCUREMENT_LIST_READ)
    page = page_of(queries.needs_visible_to(actor()), Need.id)
    return render_template("procurement/index.html", page=page, methods=labels.METHODS)


@bp.get("/procurement/new")
def new() -> ResponseReturnValue:
    gate(PLAN)
    form = NeedForm(data={"once": fresh_token()})
    form.add_rows(2)
    return new_page(form)


def new_page(form: NeedForm) -> str:
    """The page of a new need."""
    rules = queries.rules_on(clock.today())
    confirmed = confirming.is_confirmed(rules)
    told = {"rules": rules, "confirmed": confirmed}
    return render_template("procurement/new.html", form=form.offer(), **told)


@bp.post("/procurement")
def plan() -> ResponseReturnValue:
    gate(PLAN)
    form, made = NeedForm().offer(), None
    if (more := request.form.get("add", type=whole)) is not None:
        form.add_rows(more)
        return new_page(form)
    if form.validate_on_submit():
        with told_in(form, "lots"), transaction():
            spend(form.once.data)
            made = services.plan_need(actor(), form.told())
    if made is None:
        return new_page(form), 422
    flash(_("The need is written down"))
    return redirect(url_for(".show", need_id=made.id))


@bp.get("/procurement/<int:need_id>")
def show(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, READ)
    return render_template(
        "procurement/show.html",
        need=need,
        lots=queries.lots_of(need),
        methods=labels.METHODS,
        halves=bidding.halves_of(need),
        slip=halves.fresh_slip(),
        places=times.places_of(need),
        newcomers=times.newcomers_of(need),
        panels=[shown for panel in procurement.need_panels if (shown := panel(need, actor()))],
        entries=timeline(need, names=names_of),
    )


@bp.route("/procurement/<int:need_id>/announcement", methods=["GET", "POST"])
def announce(need_id: int) -> ResponseReturnValue:
    need, form = load(Need, need_id, PLAN), UntilForm()
    back = url_for(".show", need_id=need_id)
    told = Ask(_("Announce the need"), need.name, _("Announce"), back)
    return settle(
        form,
        told,
        lambda: services.announce(actor(), need, utc(form.until.data)),
        _("The need is announced; every agency of the portal was told"),
    )


@bp.route("/procurement/<int:need_id>/cancellation", methods=["GET", "POST"])
def cancel(need_id: int) -> ResponseReturnValue:
    need, form = load(Need, need_id, PLAN), WordsForm.called(_("Reason"))
    told = Ask(_("Call the need off"), need.name, _("Call off"), url_for(".show", need_id=need_id))
    return settle(
        form,
        told,
        lambda: services.cancel(actor(), need, form.text),
        _("The need is called off; the reason is on record"),
    )


@bp.get("/procurement/rules")
def rules() -> ResponseReturnValue:
    gate(Permission.PROCUREMENT_LIST_READ)
    in_force = queries.rules_on(clock.today())
    return render_template(
        "procurement/rules.html",
        versions=queries.all_rules(),
        in_force=in_force,
        confirmed=confirming.is_confirmed(in_force),
        confirmations=confirming.confirmations(),
        low_share=bidding.low_share(),
    )


@bp.route("/procurement/rules/new", methods=["GET", "POST"])
def new_rules() -> ResponseReturnValue:
    gate(PLAN)
    form = RulesForm() if request.method == "POST" else RulesForm.after(
        queries.rules_on(clock.today())
    )  # fmt: skip
    told = Ask(_("Enter a version of the thresholds"), "", _("Enter"), url_for(".rules"))
    return settle(
        form,
        told,
        lambda: services.set_rules(actor(), form.told()),
        _("The version holds from its day on; needs keep the one they met"),
    )
