"""A draw, then bids (随机+竞价): how many are invited, and the invitation of those drawn."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import telling, times
from app.procurement.bid_models import Invitation, InvitedPlaces
from app.procurement.methods import Method
from app.procurement.models import Lot, Need

FEWEST, MOST = 2, 20


def set_places(actor: User, need: Need, places: int) -> InvitedPlaces:
    """How many of those drawn are invited to bid is said before the need is announced."""
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    if need.method is not Method.DRAW_BIDDING or need.announced_at is not None:
        raise Conflict(_("How many are invited is said before the announcement"))
    if not FEWEST <= places <= MOST:
        words = _("From %(fewest)s to %(most)s are invited", fewest=FEWEST, most=MOST)
        raise Invalid(words, field="places")
    told = db.session.get(InvitedPlaces, need.id) or InvitedPlaces(need_id=need.id)
    told.places, told.set_at, told.set_by_id = places, clock.now(), actor.id
    db.session.add(told)
    audit.record(actor, audit.Event.INVITED_PLACES_SET, need, need=need.code, places=places)
    return told


def invite(actor: User, lot: Lot, until: datetime) -> Invitation:
    """The first ones drawn who still stand are invited to bid, as many as the notice says."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_DRAW, lot)
    _check(lot, until)
    draw = lot.draw
    if draw is None or draw.record is None:
        raise Conflict(_("This lot wasn't drawn yet"))
    standing = {one.agency_id for one in lot.offers if one.withdrawn_at is None}
    drawn = [key for key in draw.order if key in standing][: times.places_of(lot.need) or 0]
    made = Invitation(lot_id=lot.id, draw_id=draw.id, agency_ids=drawn, bids_until=until,
                      made_at=clock.now(), made_by_id=actor.id)  # fmt: skip
    db.session.add(made)
    names = [name for key, name, _weight in draw.entries if key in drawn]
    telling.tell_invited(lot, drawn, until)
    told: dict[str, Any] = {"lot": lot.name, "until": until.isoformat(), "agencies": names}
    audit.record(actor, audit.Event.BIDDERS_INVITED, lot, draw=draw.draw_id, **told)
    return made


def _check(lot: Lot, until: datetime) -> None:
    if lot.need.method is not Method.DRAW_BIDDING or lot.need.cancelled_at is not None:
        raise Conflict(_("Nobody is invited by this method"))
    if times.invitation_of(lot) is not None:
        raise Conflict(_("Those drawn are invited already"))
    if until <= clock.now():
        raise Invalid(_("The end lies in the future"), field="until")
