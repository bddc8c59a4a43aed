"""A draw, then bids (随机+竞价): how many are invited, and the invitation of those drawn."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, drawing
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import queries, telling, times
from app.procurement.bid_models import Invitation, InvitedPlaces
from app.procurement.methods import Method
from app.procurement.models import Draw, Lot, Need

FEWEST, MOST = 2, 20


def set_places(actor: User, need: Need, places: int, newcomers: int = 0) -> InvitedPlaces:
    """How many of those drawn are invited to bid is said before the need is announced.

    Some places may be kept for newcomers: agencies without a rank when the list is frozen.
    """
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    if need.method is not Method.DRAW_BIDDING or need.announced_at is not None:
        raise Conflict(_("How many are invited is said before the announcement"))
    if not FEWEST <= places <= MOST:
        words = _("From %(fewest)s to %(most)s are invited", fewest=FEWEST, most=MOST)
        raise Invalid(words, field="places")
    if not 0 <= newcomers <= places:
        raise Invalid(_("No more newcomers than are invited"), field="newcomers")
    told = db.session.get(InvitedPlaces, need.id) or InvitedPlaces(need_id=need.id)
    told.places, told.newcomers = places, newcomers
    told.set_at, told.set_by_id = clock.now(), actor.id
    db.session.add(told)
    facts: dict[str, Any] = {"need": need.code, "places": places, "newcomers": newcomers}
    audit.record(actor, audit.Event.INVITED_PLACES_SET, need, **facts)
    return told


def invite(actor: User, lot: Lot, until: datetime) -> Invitation:
    """The first ones drawn who still stand are invited to bid, as many as the notice says."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_DRAW, lot)
    _check(lot, until)
    draw = lot.draw
    if draw is None or draw.record is None:
        raise Conflict(_("This lot wasn't drawn yet"))
    drawn = _drawn(lot, draw)
    made = Invitation(lot_id=lot.id, draw_id=draw.id, agency_ids=drawn, bids_until=until,
                      made_at=clock.now(), made_by_id=actor.id)  # fmt: skip
    db.session.add(made)
    names = [name for key, name, _weight in draw.entries if key in drawn]
    telling.tell_invited(lot, drawn, until)
    told: dict[str, Any] = {"lot": lot.name, "until": until.isoformat(), "agencies": names}
    audit.record(actor, audit.Event.BIDDERS_INVITED, lot, draw=draw.draw_id, **told)
    return made


def _drawn(lot: Lot, draw: Draw) -> list[int]:
    """Who is invited by the notice's rule, of those who still stand, in the order drawn."""
    standing = {one.agency_id for one in queries.standing_offers(lot)}
    order = [key for key in draw.order if key in standing]
    newcomers = queries.newcomers_at(draw.frozen_at, order)
    places, kept = times.places_of(lot.need) or 0, times.newcomers_of(lot.need)
    return drawing.invited(order, newcomers, places, kept)


def _check(lot: Lot, until: datetime) -> None:
    if lot.need.method is not Method.DRAW_BIDDING or lot.need.cancelled_at is not None:
        raise Conflict(_("Nobody is invited by this method"))
    if times.invitation_of(lot) is not None:
        raise Conflict(_("Those drawn are invited already"))
    if until <= clock.now():
        raise Invalid(_("The end lies in the future"), field="until")
