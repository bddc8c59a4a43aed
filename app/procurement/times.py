"""Until when bids for a lot are taken, and from whom, by the database's clock."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app import clock
from app.db import db
from app.errors import Words
from app.procurement.bid_models import Invitation, InvitedPlaces
from app.procurement.methods import Method
from app.procurement.models import Lot, Need, Offer


def places_of(need: Need) -> int | None:
    """How many of those drawn are invited, as the notice of a draw with bids says."""
    found = db.session.get(InvitedPlaces, need.id)
    return None if found is None else found.places


def newcomers_of(need: Need) -> int:
    """How many of those invited are newcomers at least, as the notice says."""
    found = db.session.get(InvitedPlaces, need.id)
    return 0 if found is None else found.newcomers


def invitation_of(lot: Lot) -> Invitation | None:
    """Who of those drawn may bid for the lot."""
    return db.session.scalar(select(Invitation).where(Invitation.lot_id == lot.id))


def bids_until(lot: Lot) -> datetime | None:
    """The end of the time for bids: that of signing up, or that of the invitation after a draw."""
    if not lot.need.is_sealed:
        return None
    if lot.need.method is not Method.DRAW_BIDDING:
        return lot.need.offers_until
    invitation = invitation_of(lot)
    return None if invitation is None else invitation.bids_until


def is_taking_bids(lot: Lot) -> bool:
    """Whether envelopes are taken, by the portal's clock and by the database's."""
    until = bids_until(lot)
    if until is None or lot.need.announced_at is None or lot.need.cancelled_at is not None:
        return False
    return clock.now() < until and database_now() < until


def is_over(lot: Lot) -> bool:
    """Whether the time for bids has been, and is over."""
    until = bids_until(lot)
    return until is not None and not is_taking_bids(lot)


def stands_against_bid(offer: Offer) -> Words | None:
    """Why an agency can't hand in an envelope now; nothing where it can."""
    lot = offer.lot
    if not is_taking_bids(lot):
        return _("The time for bids is over")
    if offer.withdrawn_at is not None:
        return _("Your agency took its offer back")
    if lot.need.method is Method.DRAW_BIDDING:
        invitation = invitation_of(lot)
        if invitation is None or offer.agency_id not in invitation.agency_ids:
            return _("Your agency isn't among those drawn and invited")
    return None


def database_now() -> datetime:
    """What time it is for the database; in a story of another time, that of the story."""
    if clock.is_frozen():
        return clock.now()
    told: datetime = db.session.scalars(select(func.current_timestamp())).one()
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
