"""Questions about comparisons. Nothing here changes anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organisation
from app.comparisons.models import Panel, Result, Scheme, Seat
from app.comparisons.scoring import letters
from app.db import db
from app.experts.models import Expert, Field
from app.policy import Person
from app.procurement.bid_models import Bid
from app.procurement.bidding import bids_of, valid_bids
from app.procurement.clashes import members_of
from app.procurement.models import Lot, Need


@dataclass(frozen=True)
class Ties:
    """Whom a member of the panel may have no tie to: bidders and their partners, buyer, units."""

    bidders: frozenset[int]
    buyers: frozenset[int]
    names: Mapping[str, int]

    @classmethod
    def of(cls, lot: Lot) -> Self:
        """The ties that matter for a lot, in one statement beside what the lot has."""
        bidders = frozenset(key for one in lot.offers for key in members_of(one))
        units = {task.unit_id for task in lot.tasks if task.unit_id is not None}
        buyers = frozenset({lot.need.client_id, *units})
        query = select(Organisation.name, Organisation.id)
        rows = db.session.execute(query.where(Organisation.id.in_(bidders | buyers)))
        return cls(bidders, buyers, {str(name): key for name, key in rows})

    def reason_against(self, expert: Expert, field: Field | None) -> str:
        """Why an expert may not judge this lot; empty where they may."""
        tied = {*expert.shut_out, self.names.get(expert.employer.strip(), 0)}
        tests: Mapping[str, bool] = {
            "rests": expert.rests_since is not None,
            "field": field is not None and field not in expert.fields,
            "bidder": bool({*tied, expert.user.organisation_id} & self.bidders),
            "buyer": bool(tied & self.buyers),
        }
        return next((why for why, is_so in tests.items() if is_so), "")


def scheme_of(need: Need) -> Scheme | None:
    """What the notice says of the comparison."""
    return db.session.get(Scheme, need.id)


def panel_of(lot: Lot) -> Panel | None:
    """The attempt that counts, with its seats."""
    query = select(Panel).where(Panel.lot_id == lot.id, Panel.voided_at.is_(None))
    return db.session.scalar(_whole(query))


def whole_panel(panel_id: int) -> Panel | None:
    """A panel with all that its page shows."""
    return db.session.scalar(_whole(select(Panel).where(Panel.id == panel_id)))


def _whole(query: Select[Panel]) -> Select[Panel]:
    return query.options(
        joinedload(Panel.lot).joinedload(Lot.need),
        selectinload(Panel.seats).joinedload(Seat.expert),
    )


def panels() -> Select[Panel]:
    """Every panel of a comparison; the caller orders and pages them."""
    return select(Panel).options(joinedload(Panel.lot).joinedload(Lot.need))


def concluded(panels: Iterable[Panel]) -> set[int]:
    """Which of these panels have come to a result."""
    keys = [panel.id for panel in panels]
    return set(db.session.scalars(select(Result.panel_id).where(Result.panel_id.in_(keys))))


def attempts_of(lot: Lot) -> Sequence[Panel]:
    """Every attempt to draw a panel for a lot."""
    query = select(Panel).where(Panel.lot_id == lot.id).order_by(Panel.attempt)
    return db.session.scalars(query).all()


def next_attempt(lot: Lot) -> int:
    """The number of the attempt to come."""
    counted = select(func.max(Panel.attempt)).where(Panel.lot_id == lot.id)
    return (db.session.scalar(counted) or 0) + 1


def result_of(lot: Lot) -> Result | None:
    """What the comparison came to, once it is concluded."""
    return db.session.scalar(select(Result).where(Result.lot_id == lot.id))


def judged_bids(lot: Lot) -> list[Bid]:
    """The opened bids that the panel judges: within the budget, neither void nor rejected."""
    return sorted(valid_bids(lot), key=lambda bid: bid.sha256)


def plan_letters(lot: Lot) -> dict[int, str]:
    """The letter of each bid, from the digests of all envelopes of the lot."""
    return letters({bid.id: bid.sha256 for bid in bids_of(lot)})


def seats_of(user: Person) -> Select[Seat]:
    """The seats of a member, the newest first; what waits is told apart by the page."""
    query = select(Seat).where(Seat.expert_id == user.id)
    return query.options(joinedload(Seat.panel).joinedload(Panel.lot).joinedload(Lot.need))


def seats_waiting(user: Person) -> Select[Seat]:
    """Seats of this member whose statement or sheet is still to be given."""
    ended = select(Result.panel_id)
    stays = func.length(cast(Seat.grounds, String)) <= len("[]")  # states no ground
    query = select(Seat).join(Seat.panel).join(Panel.lot).join(Lot.need)
    return (
        query.where(Seat.expert_id == user.id, Seat.submitted_at.is_(None))
        .where(Seat.refused == "", stays, Panel.id.not_in(ended))
        .where(Panel.voided_at.is_(None), Need.cancelled_at.is_(None))
        .options(joinedload(Seat.panel).joinedload(Panel.lot).joinedload(Lot.need))
        .order_by(Seat.id)
    )
