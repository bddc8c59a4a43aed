"""Who finds a line in the inbox when a need is announced, a lot awarded, an objection raised."""

from collections.abc import Sequence
from datetime import datetime

from app.display import local_date, local_time
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Role
from app.procurement.bid_models import Bid
from app.procurement.models import Award, Draw, Lot, Need

HEADS = (Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR)


def tell_agencies(need: Need) -> None:
    """Every agency in the portal hears of an announcement alike."""
    told = {"need": need.name, "until": local_time(need.offers_until)}
    send(people.holders_of(*HEADS), Kind.NEED_ANNOUNCED, told, f"/procurement/{need.id}")


def tell_listed(draw: Draw) -> None:
    """Whoever is on a frozen list hears of it: until the number exists, each may add its own."""
    told = {"lot": draw.lot.name, "until": local_time(draw.beacon_from)}
    who = people.recipients(sorted(key for key, _name, _weight in draw.entries), HEADS)
    send(who, Kind.DRAW_FROZEN, told, f"/draws/{draw.id}")


def tell_invited(lot: Lot, agency_ids: Sequence[int], until: datetime) -> None:
    """Those drawn are invited to bid."""
    told = {"lot": lot.name, "until": local_time(until)}
    who = people.recipients(sorted(agency_ids), HEADS)
    send(who, Kind.BIDDERS_INVITED, told, f"/procurement-lots/{lot.id}")


def tell_asked(bid: Bid) -> None:
    """A bidder whose price is asked about has a last day for the answer."""
    told = {"lot": bid.lot.name, "until": local_date(bid.query_due_on)}
    who = people.recipients([bid.agency_id], HEADS)
    send(who, Kind.PRICE_ASKED, told, f"/procurement-lots/{bid.lot_id}")


def tell_award(award: Award) -> None:
    """Whoever signed up for the lot, and the winner, hear of the award."""
    homes = {award.agency_id} | {offer.agency_id for offer in award.lot.offers}
    told = {"lot": award.lot.name, "agency": award.agency.name}
    who = people.recipients(sorted(homes), HEADS)
    send(who, Kind.AWARD_MADE, told, f"/awards/{award.id}")


def tell_bureau(award: Award) -> None:
    """An objection or complaint waits for the performance section."""
    staff = people.holders_of(Role.PERFORMANCE_OFFICER)
    send(staff, Kind.AWARD_OBJECTED, {"lot": award.lot.name}, f"/awards/{award.id}")
