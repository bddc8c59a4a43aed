"""Sealed bids: the halves of the key, the envelope, the opening, low prices."""

from collections.abc import Mapping
from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import sending
from app.db import transaction
from app.errors import Conflict, Invalid, Missing
from app.policy import Permission
from app.procurement import awarding, bidding, boxes, halves, opening, refusing, times
from app.procurement.asking import Ask, settle
from app.procurement.bid_forms import (
    EnvelopeForm,
    LostSlipForm,
    OpeningForm,
    QuestionForm,
    VerdictForm,
)
from app.procurement.bid_models import Bid
from app.procurement.blueprint import bp
from app.procurement.lot_forms import WordsForm
from app.procurement.lot_views import lot_for
from app.procurement.models import Need, Offer
from app.procurement.opening import OpenedFile
from app.web import actor, gate, load, told_in

READ, PLAN = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_PLAN
AWARD, OWN = Permission.PROCUREMENT_AWARD, Permission.PROCUREMENT_OFFER_WITHDRAW


@bp.post("/procurement/<int:need_id>/seal-half")
def make_half(need_id: int) -> ResponseReturnValue:
    need, slip = load(Need, need_id, PLAN), request.form.get("slip", "") or halves.fresh_slip()
    with suppress(Conflict), transaction():
        bidding.make_half(actor(), need, slip)
    half = halves.half_on(need, slip, actor())  # sent again, the form shows the same slip again
    if half is None:
        raise Conflict(_("You hold a half already, or the need is announced: nothing was made"))
    return render_template("procurement/half.html", need=need, half=half, secret=slip)


@bp.get("/procurement/<int:need_id>/seal-half/replacement")
def ask_half(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, PLAN)
    return render_template("procurement/half_again.html", need=need, form=LostSlipForm())


@bp.post("/procurement/<int:need_id>/seal-half/replacement")
def replace_half(need_id: int) -> ResponseReturnValue:
    need, form = load(Need, need_id, PLAN), LostSlipForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            halves.replace_half(actor(), need, form.slip.data or "", form.words.data or "")
    half = halves.half_on(need, form.slip.data, actor())
    if half is None:
        return render_template("procurement/half_again.html", need=need, form=form), 422
    return render_template("procurement/half.html", need=need, half=half, secret=form.slip.data)


@bp.route("/procurement-offers/<int:offer_id>/bid", methods=["GET", "POST"])
def hand_in(offer_id: int) -> ResponseReturnValue:
    offer, form = load(Offer, offer_id, OWN), EnvelopeForm()
    keys = ":".join(half.public for half in bidding.halves_of(offer.lot.need))
    if not keys:
        raise Missing
    box = boxes.kept_box(form.box.data) if times.is_taking_bids(offer.lot) else None
    told = bid_page(offer, keys)
    done = _("The sealed bid is handed in; nobody can read it before the opening")
    return settle(form, told, lambda: bidding.hand_in(actor(), offer, form.text, box), done)


def bid_page(offer: Offer, keys: str) -> Ask:
    """The page of an envelope; what it refuses is noted."""
    return Ask(
        _("Hand in the sealed bid"),
        opening.lot_code(offer.lot),
        _("Seal and hand in"),
        url_for(".show_lot", lot_id=offer.lot_id),
        keys,
        template="procurement/bid.html",
        about_lot=offer.lot,
        until=times.bids_until(offer.lot),
        watch=refusing.noted(actor(), offer),
    )


@bp.route("/procurement-lots/<int:lot_id>/opening", methods=["GET", "POST"])
def open_bids(lot_id: int) -> ResponseReturnValue:
    lot, form = lot_for(lot_id, AWARD), OpeningForm()
    note = _("Both officers enter their slips; every envelope of the lot is opened at once.")
    back = url_for(".show_lot", lot_id=lot_id)
    told = Ask(_("Open the bids"), lot.name, _("Open the bids"), back, note)
    done = _("The bids are open")
    files: Mapping[int, OpenedFile] = {}
    if form.validate_on_submit():
        with suppress(Invalid, Conflict):  # said again, in the form, by what follows
            files = boxes.opened_files(lot, form.slips)
    return settle(form, told, lambda: bidding.open_bids(actor(), lot, form.slips, files), done)


@bp.get("/procurement-bids/<int:bid_id>/plan.pdf")
def take_plan(bid_id: int) -> ResponseReturnValue:
    bid = load(Bid, bid_id, Permission.PROCUREMENT_OFFER_READ)
    plan = opening.plans_of(bid.lot).get(bid.id)
    if plan is None:
        raise Missing
    return sending.download(plan, bid, Permission.PROCUREMENT_OFFER_READ)


@bp.post("/procurement-lots/<int:lot_id>/lowest-award")
def award_lowest(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, AWARD)
    with transaction():
        made = awarding.award_lowest(actor(), lot)
    flash(_("The lot is awarded by its bids; the public notice has begun"))
    return redirect(url_for(".show_award", award_id=made.id))


def _bid_for(bid_id: int, permission: Permission) -> Bid:
    bid = load(Bid, bid_id, READ)
    gate(permission, bid)
    return bid


def _ask(bid: Bid, heading: str, submit: str, note: str = "") -> Ask:
    back = url_for(".show_lot", lot_id=bid.lot_id)
    return Ask(heading, f"{bid.lot.name} · {bid.offer.agency.name}", submit, back, note)


@bp.route("/procurement-bids/<int:bid_id>/question", methods=["GET", "POST"])
def ask_low(bid_id: int) -> ResponseReturnValue:
    bid, form = _bid_for(bid_id, AWARD), QuestionForm()
    told = _ask(bid, _("Ask about the price"), _("Ask"))
    done = _("The bidder is asked in writing")
    act = form.asked
    return settle(form, told, lambda: bidding.ask_low(actor(), bid, *act()), done)


@bp.route("/procurement-bids/<int:bid_id>/answer", methods=["GET", "POST"])
def answer_low(bid_id: int) -> ResponseReturnValue:
    bid, form = _bid_for(bid_id, OWN), WordsForm.called(_("Answer"))
    told = _ask(bid, _("Explain the price"), _("Answer"), bid.query)
    done = _("The answer is entered")
    return settle(form, told, lambda: bidding.answer_low(actor(), bid, form.text), done)


@bp.route("/procurement-bids/<int:bid_id>/decision", methods=["GET", "POST"])
def decide_low(bid_id: int) -> ResponseReturnValue:
    bid, form = _bid_for(bid_id, AWARD), VerdictForm()
    told = _ask(bid, _("Decide on the low price"), _("Enter"), bid.answer)
    done = _("The decision is entered")
    return settle(form, told, lambda: bidding.decide_low(actor(), bid, *form.decided()), done)
