from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.accounts.models import User
from app.db import db, transaction
from app.errors import Missing
from app.handovers import acting, forms, movables, queries, services
from app.handovers.models import Deputyship, Handover
from app.intake import whole
from app.policy import Permission, can
from app.web import actor, load, page_of, spend, told_in

bp = Blueprint("handovers", __name__, url_prefix="/handovers")


@bp.app_context_processor
def mast() -> dict[str, Any]:
    """Whoever acts in somebody's place sees so on every page."""
    if acting.KEY not in session or not current_user or not current_user.is_authenticated:
        return {}
    held = db.session.get(Deputyship, session[acting.KEY])
    fits = held and held.deputy_id == current_user.id and held.holds_on(clock.today())
    return {"acting_for": held.principal} if held and fits else {}


@bp.get("")
def index() -> ResponseReturnValue:
    user, today = actor(), clock.today()
    deputyships = queries.deputyships_visible_to(user).order_by(Deputyship.id.desc()).limit(50)
    return render_template(
        "handovers/index.html",
        page=page_of(queries.handovers_visible_to(user), Handover.id, size=30),
        deputyships=db.session.scalars(deputyships).all(),
        mine=[(each.label, each.count(user)) for each in movables],
        labels={each.name: each.label for each in movables},
        may_propose=can(user, Permission.HANDOVER_PROPOSE, user),
        today=today,
    )


@bp.get("/new")
def new() -> ResponseReturnValue:
    giver = asked_for(Permission.HANDOVER_PROPOSE)
    return _new(forms.HandoverForm.for_giver(giver), giver)


@bp.post("")
def propose() -> ResponseReturnValue:
    giver = asked_for(Permission.HANDOVER_PROPOSE)
    form, made = forms.HandoverForm.for_giver(giver), None
    if form.validate_on_submit() and (taker := form.chosen()):
        with told_in(form, "taker"), transaction():
            spend(form.once.data)
            made = services.propose_handover(actor(), giver, taker, form.reason.data)
    if made is None:
        return _new(form, giver), 422
    flash(_("Proposed; the work moves when both sides have confirmed"))
    return redirect(url_for(".index"))


@bp.post("/<int:handover_id>/confirmations")
def confirm(handover_id: int) -> ResponseReturnValue:
    handover = load(Handover, handover_id, Permission.HANDOVER_DECIDE)
    with transaction():
        services.confirm_handover(actor(), handover)
    flash(_("The work has moved") if handover.done_at else _("Confirmed"))
    return redirect(url_for(".index"))


@bp.post("/<int:handover_id>/end")
def end(handover_id: int) -> ResponseReturnValue:
    handover = load(Handover, handover_id, Permission.HANDOVER_DECIDE)
    with transaction():
        services.end_handover(actor(), handover)
    flash(_("The hand-over is off; nothing moved"))
    return redirect(url_for(".index"))


@bp.get("/deputies/new")
def new_deputy() -> ResponseReturnValue:
    principal = asked_for(Permission.DEPUTY_NAME)
    return _new_deputy(forms.DeputyForm.for_giver(principal), principal)


@bp.post("/deputies")
def name_deputy() -> ResponseReturnValue:
    principal = asked_for(Permission.DEPUTY_NAME)
    form, made = forms.DeputyForm.for_giver(principal), None
    if form.validate_on_submit() and (deputy := form.chosen()):
        with told_in(form, "taker"), transaction():
            spend(form.once.data)
            made = services.name_deputy(actor(), principal, deputy, form.leave())
    if made is None:
        return _new_deputy(form, principal), 422
    flash(_("The deputy is named and hears what comes in from now on"))
    return redirect(url_for(".index"))


@bp.post("/deputies/<int:deputyship_id>/end")
def end_deputy(deputyship_id: int) -> ResponseReturnValue:
    held = load(Deputyship, deputyship_id, Permission.DEPUTY_END)
    with transaction():
        services.end_deputyship(actor(), held)
    flash(_("The deputyship has ended"))
    return redirect(url_for(".index"))


@bp.post("/deputies/<int:deputyship_id>/acting")
def begin_acting(deputyship_id: int) -> ResponseReturnValue:
    held = load(Deputyship, deputyship_id, Permission.DEPUTY_ACT)
    with transaction():
        services.begin_acting(actor(), held)
    session[acting.KEY] = held.id
    return redirect(url_for("pages.home"))


@bp.post("/deputies/acting/end")
def stop_acting() -> ResponseReturnValue:
    session.pop(acting.KEY, None)
    return redirect(url_for(".index"))


def asked_for(permission: Permission) -> User:
    """The person whose work it is about: oneself, or whom the address names."""
    key = request.values.get("for", type=whole)
    person = db.session.get(User, key) if key else actor()
    if person is None or not can(actor(), permission, person):
        raise Missing
    return person


def _new(form: forms.HandoverForm, giver: User) -> str:
    counts = [(each.label, each.count(giver)) for each in movables]
    return render_template("handovers/new.html", form=form, giver=giver, counts=counts)


def _new_deputy(form: forms.DeputyForm, principal: User) -> str:
    return render_template("handovers/new_deputy.html", form=form, principal=principal)
