import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import db, transaction
from app.errors import Missing
from app.exporting import content_disposition
from app.frameworks import labels, queries, services
from app.frameworks.forms import ChoiceForm, FrameworkForm, NamingForm, TurnForm
from app.frameworks.models import Framework, Member
from app.policy import Permission
from app.procurement.asking import Ask, settle
from app.procurement.labels import METHODS
from app.procurement.lot_forms import WordsForm
from app.procurement.lot_views import beside, lot_for
from app.procurement.models import Lot, Need
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

bp = Blueprint("frameworks", __name__)
READ, RUN = Permission.FRAMEWORK_READ, Permission.FRAMEWORK_RUN
AWARD = Permission.PROCUREMENT_AWARD
bp.context_processor(lambda: {"ways": METHODS, "outcomes": labels.OUTCOMES, "today": clock.today()})


@bp.get("/frameworks")
def index() -> ResponseReturnValue:
    gate(READ)
    page = page_of(queries.frameworks(), Framework.id)
    return render_template("frameworks/index.html", page=page)


@bp.get("/frameworks/new")
def new() -> ResponseReturnValue:
    gate(RUN)
    form = FrameworkForm(data={"once": fresh_token()}).offer()
    return render_template("frameworks/new.html", form=form)


@bp.post("/frameworks")
def enter() -> ResponseReturnValue:
    gate(RUN)
    form, made = FrameworkForm().offer(), None
    if form.validate_on_submit():
        with told_in(form, "members"), transaction():
            spend(form.once.data)
            made = services.enter_framework(actor(), form.told())
    if made is None:
        return render_template("frameworks/new.html", form=form), 422
    flash(_("The agreement is entered"))
    return redirect(url_for(".show", framework_id=made.id))


@bp.get("/frameworks/<int:framework_id>")
def show(framework_id: int) -> ResponseReturnValue:
    queries.whole(framework_id)
    framework = load(Framework, framework_id, READ)
    return render_template(
        "frameworks/show.html",
        framework=framework,
        turns=queries.turns_shown(framework),
        needs=queries.needs_of(framework),
        entries=timeline(framework, names=names_of),
    )


@bp.get("/frameworks/<int:framework_id>/rotation.json")
def rotation(framework_id: int) -> ResponseReturnValue:
    queries.whole(framework_id)
    framework = load(Framework, framework_id, READ)
    text = json.dumps(queries.rotation_of(framework), ensure_ascii=False, indent=1)
    reply = Response(text, mimetype="application/json")
    reply.headers["Content-Disposition"] = content_disposition("rotation.json")
    return reply


@bp.route("/framework-members/<int:member_id>/leave", methods=["GET", "POST"])
def leave(member_id: int) -> ResponseReturnValue:
    member = db.session.get(Member, member_id)
    gate(RUN, member)
    if member is None:
        raise Missing
    form, back = WordsForm.called(_("Reason")), url_for(".show", framework_id=member.framework_id)
    told = Ask(_("Enter that a member leaves"), member.agency.name, _("Enter"), back)
    done = _("The member has left; the rotation passes it over")
    return settle(form, told, lambda: services.enter_leave(actor(), member, form.text), done)


@bp.route("/procurement/<int:need_id>/framework", methods=["GET", "POST"])
def name(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, Permission.PROCUREMENT_PLAN)
    found = [one for one in queries.in_term(clock.today()) if one.way is need.method]
    form, by_id = NamingForm().offer(found), {one.id: one for one in found}
    back = url_for("procurement.show", need_id=need_id)
    note = "" if found else _("No agreement of this way is in force: enter it first.")
    told = Ask(_("Name the agreement"), need.name, _("Name it"), back, note)
    done = _("The need is placed under the agreement")
    return settle(
        form,
        told,
        lambda: services.name_framework(actor(), need, by_id[form.framework.data]),
        done,
    )


def framework_for(lot: Lot) -> Framework:
    """The agreement of a lot's need."""
    framework = queries.framework_of(lot.need)
    if framework is None:
        raise Missing
    return framework


@bp.route("/procurement-lots/<int:lot_id>/choice", methods=["GET", "POST"])
def choose(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, AWARD)
    framework = framework_for(lot)
    form = ChoiceForm().offer(queries.standing(framework))
    about = _("%(code)s, priced by %(unit)s", code=framework.code, unit=framework.unit_name)
    back = url_for("procurement.show_lot", lot_id=lot_id)
    note = _("At the member's agreed price; who decided and why stays on record.")
    more: dict[str, Any] = {"template": "procurement/choose.html", "about_lot": beside(lot)}
    told = Ask(_("Choose a member directly"), about, _("Award"), back, note, **more)
    done = _("The lot is awarded; the public notice has begun")
    return settle(form, told, lambda: services.choose(actor(), lot, form.told()), done)


@bp.route("/procurement-lots/<int:lot_id>/turn", methods=["GET", "POST"])
def tell_turn(lot_id: int) -> ResponseReturnValue:
    lot, form = lot_for(lot_id, AWARD), TurnForm()
    framework = framework_for(lot)
    member = queries.whose_turn(framework, lot)
    if member is None:
        raise Missing
    back = url_for("procurement.show_lot", lot_id=lot_id)
    note = _("It is the turn of %(agency)s (place %(place)s), priced by %(unit)s.",
             agency=member.agency.name, place=member.place, unit=framework.unit_name)  # fmt: skip
    told = Ask(_("Enter the turn"), lot.name, _("Enter"), back, note)
    done = _("The turn is on record")
    return settle(form, told, lambda: services.tell_turn(actor(), lot, form.told()), done)
