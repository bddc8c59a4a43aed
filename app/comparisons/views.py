import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.attachments import sending
from app.audit.timeline import timeline
from app.comparisons import labels, panels, queries, services, showing, stating
from app.comparisons.forms import MinutesForm, PanelForm, SchemeForm
from app.comparisons.models import Panel, Seat
from app.db import transaction
from app.errors import Missing
from app.expert_reviews import labels as review_labels
from app.expert_reviews.forms import StatementForm
from app.experts.forms import VoidForm
from app.experts.paneling import is_opened_by
from app.exporting import content_disposition
from app.policy import Permission, Role
from app.procurement import opening
from app.procurement.lot_forms import ResultForm
from app.procurement.lot_views import lot_for
from app.procurement.models import Need
from app.procurement.queries import whole_lot
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("comparisons", __name__)
READ, RUN = Permission.COMPARISON_READ, Permission.COMPARISON_RUN
SCORE = Permission.COMPARISON_SCORE
bp.context_processor(lambda: {"comparing": labels, "review_rules": review_labels.RULES})


@bp.get("/comparisons")
def index() -> ResponseReturnValue:
    gate(Permission.COMPARISON_LIST)
    user = actor()
    if user.role is Role.EXPERT:
        page = page_of(queries.seats_of(user), Seat.id)
        return render_template("comparisons/seats.html", page=page)
    page = page_of(queries.panels(), Panel.id)
    done = queries.concluded(page.items)
    return render_template("comparisons/index.html", page=page, done=done)


def need_for(need_id: int) -> Need:
    """A need whose comparison this person runs."""
    need = load(Need, need_id, Permission.PROCUREMENT_READ)
    gate(RUN, need)
    return need


@bp.get("/procurement/<int:need_id>/criteria")
def ask_criteria(need_id: int) -> ResponseReturnValue:
    need = need_for(need_id)
    form = showing.scheme_form(need)
    return render_template("comparisons/criteria.html", need=need, form=form)


@bp.post("/procurement/<int:need_id>/criteria")
def criteria(need_id: int) -> ResponseReturnValue:
    need, form = need_for(need_id), SchemeForm()
    if form.validate_on_submit():
        with told_in(form, "criteria"), transaction():
            stating.state_criteria(actor(), need, form.told())
    if form.errors:
        return render_template("comparisons/criteria.html", need=need, form=form), 422
    flash(_("The criteria stand in the notice"))
    return redirect(url_for("procurement.show", need_id=need_id))


@bp.get("/procurement-lots/<int:lot_id>/panel")
def ask_freeze(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id)
    gate(RUN, lot.need)
    return render_template("comparisons/freeze.html", lot=lot, form=PanelForm())


@bp.post("/procurement-lots/<int:lot_id>/panel")
def freeze(lot_id: int) -> ResponseReturnValue:
    lot, form, slip = lot_for(lot_id), PanelForm(), ""
    gate(RUN, lot.need)
    if form.validate_on_submit():
        slip = form.slip.data or ""
        with told_in(form, "places"), transaction():
            panels.freeze_panel(actor(), lot, form.told())
    panel = queries.panel_of(lot)  # sent again, the form shows its slip again
    if panel is None or not is_opened_by(panel, slip):
        return render_template("comparisons/freeze.html", lot=lot, form=form), 422
    return render_template("comparisons/secret.html", panel=panel, secret=slip)


def to_read(panel_id: int) -> Panel:
    """A panel that this person may read, with everything that its page shows."""
    if (found := queries.whole_panel(panel_id)) is not None:
        whole_lot(found.lot_id)
    return load(Panel, panel_id, READ)


@bp.get("/comparison-panels/<int:comparison_panel_id>")
def show(comparison_panel_id: int) -> ResponseReturnValue:
    return page_of_panel(to_read(comparison_panel_id))


def page_of_panel(panel: Panel, **forms: Any) -> str:
    """The page of a panel: to each what is theirs, and to all the end once it is there."""
    shown = {
        "statement": StatementForm(formdata=None),
        "minutes": MinutesForm(formdata=None),
        "holding": ResultForm(formdata=None),
        "voiding": VoidForm(formdata=None),
        **forms,
    }
    entries = [] if actor().role is Role.EXPERT else timeline(panel, names=names_of)
    told = showing.told_of(panel, actor(), shown)
    return render_template("comparisons/panel.html", panel=panel, entries=entries, **told)


@bp.post("/comparison-panels/<int:comparison_panel_id>/result")
def hold(comparison_panel_id: int) -> ResponseReturnValue:
    panel, form = to_run(comparison_panel_id), ResultForm()
    if form.validate_on_submit():
        with told_in(form, "secret"), transaction():
            panels.hold_panel(actor(), panel, form.told())
    if form.errors:
        return page_of_panel(panel, holding=form), 422
    flash(_("The members are drawn"))
    return redirect(url_for(".show", comparison_panel_id=comparison_panel_id))


def to_run(panel_id: int) -> Panel:
    """A panel that this person runs."""
    panel = to_read(panel_id)
    gate(RUN, panel.lot.need)
    return panel


@bp.post("/comparison-panels/<int:comparison_panel_id>/void")
def void(comparison_panel_id: int) -> ResponseReturnValue:
    panel, form = to_run(comparison_panel_id), VoidForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            panels.void_panel(actor(), panel, form.reason.data or "")
    if form.errors:
        return page_of_panel(panel, voiding=form), 422
    flash(_("The attempt is void"))
    return redirect(url_for(".show", comparison_panel_id=comparison_panel_id))


@bp.get("/comparison-panels/<int:comparison_panel_id>/draw.json")
def record(comparison_panel_id: int) -> ResponseReturnValue:
    panel = load(Panel, comparison_panel_id, Permission.COMPARISON_READ)
    gate(Permission.COMPARISON_SHEETS_READ, panel)
    if panel.record is None:
        raise Missing
    reply = Response(
        json.dumps(panel.record, ensure_ascii=False, indent=1), mimetype="application/json"
    )
    reply.headers["Content-Disposition"] = content_disposition("draw.json")
    return reply


def own_seat(panel_id: int) -> Seat:
    """This member's own seat."""
    panel = to_read(panel_id)
    seat = next((one for one in panel.seats if one.expert_id == actor().id), None)
    gate(SCORE, seat or showing.NO_SEAT)
    if seat is None:
        raise Missing
    return seat


@bp.post("/comparison-panels/<int:comparison_panel_id>/statement")
def state(comparison_panel_id: int) -> ResponseReturnValue:
    seat, form = own_seat(comparison_panel_id), StatementForm()
    if form.validate_on_submit():
        with told_in(form, "grounds"), transaction():
            panels.state_grounds(actor(), seat, form.told())
    if form.errors:
        return page_of_panel(seat.panel, statement=form), 422
    flash(_("Your statement is on record"))
    return redirect(url_for(".show", comparison_panel_id=comparison_panel_id))


@bp.post("/comparison-panels/<int:comparison_panel_id>/sheet")
def submit(comparison_panel_id: int) -> ResponseReturnValue:
    seat = own_seat(comparison_panel_id)
    form, bids = showing.sheet_form(seat.panel)
    if form.validate_on_submit():
        with told_in(form, "plans"), transaction():
            spend(form.once.data)
            services.submit_sheet(actor(), seat, form.told([bid.id for bid in bids]))
    if form.errors:
        return page_of_panel(seat.panel, sheet=form), 422
    flash(_("Your sheet is handed in"))
    return redirect(url_for(".show", comparison_panel_id=comparison_panel_id))


@bp.get("/comparison-panels/<int:comparison_panel_id>/plans/<int:bid_id>")
def plan(comparison_panel_id: int, bid_id: int) -> ResponseReturnValue:
    panel = load(Panel, comparison_panel_id, READ)
    found = opening.plans_of(panel.lot).get(bid_id)
    if found is None or showing.is_out(panel, actor()):
        raise Missing
    return sending.download(found, panel, READ)


@bp.post("/comparison-panels/<int:comparison_panel_id>/conclusion")
def conclude(comparison_panel_id: int) -> ResponseReturnValue:
    panel, form = to_run(comparison_panel_id), MinutesForm()
    if form.validate_on_submit():
        with told_in(form, "minutes"), transaction():
            services.conclude(actor(), panel, form.minutes.data or "")
    if form.errors:
        return page_of_panel(panel, minutes=form), 422
    flash(_("The comparison is concluded; every bidder may read what it came to"))
    return redirect(url_for(".result", lot_id=panel.lot_id))


@bp.get("/procurement-lots/<int:lot_id>/comparison")
def result(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id)
    found = queries.result_of(lot)
    if found is None:
        raise Missing
    told = showing.result_for(found, actor())
    return render_template("comparisons/result.html", lot=lot, result=found, **told)


@bp.post("/procurement-lots/<int:lot_id>/best-award")
def award_best(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, Permission.PROCUREMENT_AWARD)
    with transaction():
        made = services.award_best(actor(), lot)
    flash(_("The lot is awarded by its comparison; the public notice has begun"))
    return redirect(url_for("procurement.show_award", award_id=made.id))
