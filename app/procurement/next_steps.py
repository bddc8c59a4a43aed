"""What the bureau does next about a lot, in words: where the step waits, or is made elsewhere."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from app.display import local_time
from app.errors import Words
from app.procurement import labels, queries, times
from app.procurement.bid_models import Bid
from app.procurement.methods import DRAWN, Method
from app.procurement.models import Draw, Lot

AFTERWARDS: dict[Method, Words] = {
    Method.DRAW: _("then the list is frozen and drawn"),
    Method.DRAW_BIDDING: _("then the list is frozen, and those drawn are invited to bid"),
    Method.COMPARISON: _("then the panel is drawn and the bids are opened"),
}
OPENING: Words = _("then the bids are opened with both slips")


def next_step(lot: Lot, bids: Sequence[Bid]) -> Words | None:
    """The next step of a lot that nobody has been awarded; nothing where a button says it."""
    need = lot.need
    if need.cancelled_at is not None or lot.award is not None or not need.is_called:
        return None
    if need.announced_at is None:
        return _("The need is announced first, on its own page; then agencies sign up")
    if need.is_taking_offers:
        at, after = local_time(need.offers_until), AFTERWARDS.get(need.method, OPENING)
        return _("Agencies sign up until %(at)s; %(after)s", at=at, after=after)
    return _of_the_draw(lot) or _of_the_bids(lot, bids)


def _of_the_draw(lot: Lot) -> Words | None:
    """Too few for a draw, or the public number is waited for."""
    if lot.need.method not in DRAWN:
        return None
    if lot.draw is None:
        count, fewest = len(queries.standing_offers(lot)), lot.need.rules.fewest_offers
        return labels.too_few(count, fewest) if count < fewest else None
    return _of_the_number(lot.draw) if lot.draw.record is None else None


def _of_the_number(draw: Draw) -> Words:
    if not draw.takes_numbers:
        return _("The public number is out: enter it with the slip, on the page of the draw")
    at = local_time(draw.beacon_from)
    return _("From %(at)s on, the public number is entered with the slip on the page of the draw",
             at=at)  # fmt: skip


def _of_the_bids(lot: Lot, bids: Sequence[Bid]) -> Words | None:
    """Nobody has bid, or those drawn still may."""
    if times.is_taking_bids(lot):
        at = local_time(times.bids_until(lot))
        return _("Bids are taken until %(at)s; %(after)s", at=at, after=OPENING)
    if not times.is_over(lot) or bids:
        return None
    if lot.draws:
        return _("Nobody handed in a bid: call the need off, and place it anew")
    return _("Nobody handed in a bid: extend the time, or call the need off")
