"""A draw: frozen, held, explained so that a bidder can check it by hand."""

import json
from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission, can
from app.procurement import draws, times
from app.procurement.asking import Ask, settle
from app.procurement.blueprint import bp
from app.procurement.lot_forms import BeaconForm, ResultForm, WordsForm
from app.procurement.lot_views import lot_for
from app.procurement.models import Draw
from app.web import actor, load, told_in

READ, DRAW = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_DRAW
OFFER, BIDDERS = Permission.PROCUREMENT_OFFER, Permission.PROCUREMENT_BIDDERS_READ


@bp.get("/procurement-lots/<int:lot_id>/draw")
def ask_freeze(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, DRAW)
    return render_template("procurement/freeze.html", lot=lot, form=BeaconForm())


@bp.post("/procurement-lots/<int:lot_id>/draw")
def freeze(lot_id: int) -> ResponseReturnValue:
    lot, form = lot_for(lot_id, DRAW), BeaconForm()
    if form.validate_on_submit():
        with told_in(form, "name"), transaction():
            draws.freeze(actor(), lot, form.told())
    draw = draws.frozen_with(lot, form.slip.data)  # sent again, the form shows its slip again
    if draw is None:
        return render_template("procurement/freeze.html", lot=lot, form=form), 422
    return render_template("procurement/secret.html", draw=draw, secret=form.slip.data)


@bp.get("/draws/<int:draw_id>")
def show_draw(draw_id: int) -> ResponseReturnValue:
    draw = load(Draw, draw_id, READ)
    return render_template(
        "procurement/draw.html",
        draw=draw,
        lot=draw.lot,
        invitation=times.invitation_of(draw.lot),
        names={key: name for key, name, _weight in draw.entries},
        number_of=draws.number_of,
        entries=timeline(draw, names=names_of),
        **listed_for(draw, actor()),
    )


def listed_for(draw: Draw, user: User) -> dict[str, Any]:
    """What this person reads of list and numbers: an agency its own, until all are told."""
    own, open_list = user.organisation_id, can(user, BIDDERS, draw)
    return {
        "open_list": open_list,
        "listed": [one for one in draw.entries if open_list or one[0] == own],
        "numbers": [one for one in draw.numbers if open_list or one.agency_id == own],
        "has_number": own in {one.agency_id for one in draw.numbers},
        "on_list": own in {key for key, _name, _weight in draw.entries},
    }


@bp.get("/draws/<int:draw_id>/draw.json")
def draw_json(draw_id: int) -> ResponseReturnValue:
    draw = load(Draw, draw_id, BIDDERS)
    if draw.record is None:
        raise Missing
    more = {"beacon_source": draw.beacon_source, "attempt": draw.attempt}
    text = json.dumps({**draw.record, **more}, ensure_ascii=False, indent=1)
    reply = Response(text, mimetype="application/json")
    reply.headers["Content-Disposition"] = content_disposition("draw.json")
    return reply


@bp.route("/draws/<int:draw_id>/number", methods=["GET", "POST"])
def add_number(draw_id: int) -> ResponseReturnValue:
    draw, form = load(Draw, draw_id, OFFER), WordsForm.called(_("Any words of your own"))
    note = _(
        "Their SHA-256 enters the draw as your number. They are shown to everybody afterwards."
    )
    back = url_for(".show_draw", draw_id=draw_id)
    heading = _("Add your agency's number")
    told = Ask(heading, draw.draw_id, heading, back, note)
    return settle(
        form,
        told,
        lambda: draws.add_number(actor(), draw, form.text),
        _("Your agency's number is part of the draw"),
    )


@bp.route("/draws/<int:draw_id>/result", methods=["GET", "POST"])
def hold_draw(draw_id: int) -> ResponseReturnValue:
    draw, form = load(Draw, draw_id, DRAW), ResultForm()
    back = url_for(".show_draw", draw_id=draw_id)
    note = _("A secret that is whole but doesn't match the commitment voids this attempt.")
    told = Ask(_("Hold the draw"), draw.beacon_id, _("Draw"), back, note)
    done = _("The beacon and the secret are on record; see below what came of them")
    return settle(form, told, lambda: draws.hold(actor(), draw, form.told()), done)


@bp.route("/draws/<int:draw_id>/void", methods=["GET", "POST"])
def void_draw(draw_id: int) -> ResponseReturnValue:
    draw, form = load(Draw, draw_id, DRAW), WordsForm.called(_("Reason"))
    told = Ask(
        _("Void this attempt"),
        draw.draw_id,
        _("Void"),
        url_for(".show_draw", draw_id=draw_id),
        _("The attempt stays on record with its number and the reason; a new one can be frozen."),
    )
    done = _("The attempt is void")
    return settle(form, told, lambda: draws.void(actor(), draw, form.text), done)
