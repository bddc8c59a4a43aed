"""One lot: who signed up, the draw, the award."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import procurement
from app.db import transaction
from app.policy import Permission, can
from app.procurement import (
    awarding,
    bidding,
    choosing,
    clashes,
    inviting,
    labels,
    offering,
    opening,
    queries,
    refusing,
    times,
)
from app.procurement.asking import Ask, settle
from app.procurement.bid_forms import PlacesForm
from app.procurement.bid_models import Bid
from app.procurement.blueprint import bp
from app.procurement.forms import utc
from app.procurement.lot_forms import AwardForm, OfferForm, UntilForm, WordsForm
from app.procurement.methods import Method
from app.procurement.models import Lot, Need, Offer
from app.procurement.next_steps import next_step
from app.web import actor, gate, load

READ, OFFER = Permission.PROCUREMENT_READ, Permission.PROCUREMENT_OFFER
AWARD, OFFER_READ = Permission.PROCUREMENT_AWARD, Permission.PROCUREMENT_OFFER_READ


def lot_for(lot_id: int, permission: Permission = READ) -> Lot:
    """A lot that this person reads and may act on, with everything that its page shows."""
    queries.whole_lot(lot_id)
    lot = load(Lot, lot_id, READ)
    gate(permission, lot)
    return lot


@bp.get("/procurement-lots/<int:lot_id>")
def show_lot(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id)
    user, bids = actor(), bidding.bids_of(lot)
    return render_template(
        "procurement/lot.html",
        lot=lot,
        need=lot.need,
        **own_part(lot, user.organisation_id),
        offers=[one for one in lot.offers if can(user, OFFER_READ, one)],
        methods=labels.METHODS,
        bids=[bid for bid in bids if bid.opened_at or can(user, OFFER_READ, bid)],
        bidders_told=lot.draw is None or can(user, Permission.PROCUREMENT_BIDDERS_READ, lot.draw),
        panels=[shown for panel in procurement.lot_panels if (shown := panel(lot, user))],
        **bid_times(lot, bids),
    )


def own_part(lot: Lot, agency_id: int) -> dict[str, Offer | None]:
    """The agency's own offer, and that of a consortium which another agency leads for it."""
    mine = next((one for one in lot.offers if one.agency_id == agency_id), None)
    standing = [one for one in queries.standing_offers(lot) if one is not mine]
    joined = next((one for one in standing if agency_id in clashes.members_of(one)), None)
    return {"mine": mine, "joined": joined}


def bid_times(lot: Lot, bids: Sequence[Bid]) -> dict[str, Any]:
    """What comes next, until when bids are taken and from whom, plans' files, low prices."""
    return {
        "is_low": bidding.is_low,
        "next_step": next_step(lot, bids),
        "until": times.bids_until(lot),
        "taking": times.is_taking_bids(lot),
        "over": times.is_over(lot),
        "invitation": times.invitation_of(lot) if lot.need.method is Method.DRAW_BIDDING else None,
        "undecided": [bid for bid in bids if bidding.is_low(bid) and not bid.verdict],
        "plans": opening.plans_of(lot) if lot.need.is_sealed else {},
    }


@bp.route("/procurement-lots/<int:lot_id>/offer", methods=["GET", "POST"])
def offer(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, OFFER)
    form = OfferForm().bind(actor().organisation_id)
    told = Ask(
        _("Sign up"),
        lot.name,
        _("Sign up"),
        url_for(".show_lot", lot_id=lot_id),
        template="procurement/offer.html",
        about_lot=lot,
        watch=refusing.noted_offer(actor(), lot),
    )
    done = _("Your agency has signed up")
    return settle(form, told, lambda: offering.sign_up(actor(), lot, form.told()), done)


@bp.route("/procurement-offers/<int:offer_id>/withdrawal", methods=["GET", "POST"])
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    found = load(Offer, offer_id, Permission.PROCUREMENT_OFFER_WITHDRAW)
    form, back = WordsForm.called(_("Reason")), url_for(".show_lot", lot_id=found.lot_id)
    told = Ask(_("Take the offer back"), found.lot.name, _("Take back"), back)
    return settle(
        form,
        told,
        lambda: offering.withdraw_offer(actor(), found, form.text),
        _("The offer is taken back; the reason is on record"),
    )


def beside(lot: Lot) -> dict[str, Any]:
    """The best set that stands beside the choice, where the buyer itself chooses."""
    if lot.need.method not in choosing.BUYERS_CHOICE:
        return {"lot": lot, "found": None}
    reading, found = choosing.best_set_for(lot)
    return {"lot": lot, "found": found, "reading": reading}


@bp.route("/procurement-lots/<int:lot_id>/award", methods=["GET", "POST"])
def award(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, AWARD)
    if lot.award is not None and request.method == "GET":
        return redirect(url_for(".show_award", award_id=lot.award.id))
    form = AwardForm.about(lot)
    told = Ask(
        _("Enter the result") if lot.need.is_on_platform else _("Award the lot"),
        f"{lot.name} · {lot.need.code}",
        _("Award"),
        url_for(".show_lot", lot_id=lot_id),
        _("The register is no condition: whoever isn't in it yet is registered first."),
        template="procurement/choose.html",
        about_lot=beside(lot),
    )
    done = _("The lot is awarded; the public notice has begun")
    return settle(form, told, lambda: awarding.award_lot(actor(), lot, form.told()), done)


@bp.post("/procurement-lots/<int:lot_id>/drawn-award")
def award_drawn(lot_id: int) -> ResponseReturnValue:
    lot = lot_for(lot_id, AWARD)
    with transaction():
        made = awarding.award_drawn(actor(), lot)
    flash(_("The lot is awarded by its draw; the public notice has begun"))
    return redirect(url_for(".show_award", award_id=made.id))


@bp.route("/procurement/<int:need_id>/invited-places", methods=["GET", "POST"])
def set_places(need_id: int) -> ResponseReturnValue:
    need, form = load(Need, need_id, Permission.PROCUREMENT_PLAN), PlacesForm()
    back = url_for(".show", need_id=need_id)
    note = _("The notice says it; after the draw the first ones who stand are invited to bid.")
    told = Ask(
        _("How many of those drawn are invited"), need.name, _("State the number"), back, note
    )
    done = _("The number is stated")
    return settle(form, told, lambda: inviting.set_places(actor(), need, *form.told), done)


@bp.route("/procurement-lots/<int:lot_id>/invitation", methods=["GET", "POST"])
def invite(lot_id: int) -> ResponseReturnValue:
    lot, form = lot_for(lot_id, Permission.PROCUREMENT_DRAW), UntilForm()
    form.until.label.text = _("Bids until")
    note = _("%(n)s are invited, as the notice says.", n=times.places_of(lot.need) or 0)
    back = url_for(".show_lot", lot_id=lot_id)
    told = Ask(_("Invite those drawn"), lot.name, _("Invite"), back, note)
    done = _("Those drawn are invited to bid")
    return settle(form, told, lambda: inviting.invite(actor(), lot, utc(form.until.data)), done)
