"""What members and the bureau do in a comparison. Each public function is one action."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.comparisons import queries
from app.comparisons.models import Panel, Result, Scheme, Seat
from app.comparisons.scoring import Compared, Kind, Row, compare
from app.comparisons.stating import stated
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import awarding, bidding
from app.procurement.bid_models import Bid
from app.procurement.models import Award, Lot

Sheet = Mapping[int, Sequence[Decimal]]  # by bid: points for each judged criterion


def submit_sheet(actor: User, seat: Seat, sheet: Sheet) -> None:
    """A member hands in points for every plan, once; nobody sees them before all are in."""
    panel = seat.panel
    lock(panel)
    require(actor, Permission.COMPARISON_SCORE, seat)
    if seat.stated_at is None or seat.is_left:
        raise Conflict(_("The statement on the five grounds comes first; who stands aside is out"))
    if seat.submitted_at is not None or queries.result_of(panel.lot) is not None:
        raise Conflict(_("This sheet was handed in already"))
    bids = queries.judged_bids(panel.lot)
    if not bids:
        raise Conflict(_("No valid bid is open; call the need off or open the bids"))
    _check_sheet(_scheme(panel.lot), bids, sheet)
    seat.scores = {str(key): [int(one * 100) for one in points] for key, points in sheet.items()}
    seat.submitted_at = clock.now()
    told = {"lot": panel.lot.name, "seat": seat.number}
    audit.record(actor, audit.Event.COMPARISON_SHEET_SUBMITTED, panel, scope=panel.lot, **told)


def conclude(actor: User, panel: Panel, minutes: str) -> Result:
    """When every sheet is in and every low price decided, the points follow from the notice."""
    lot = panel.lot
    lock(lot)
    require(actor, Permission.COMPARISON_RUN, lot.need)
    seats = _all_in(panel)
    if any(bidding.is_low(bid) and not bid.verdict for bid in bidding.bids_of(lot)):
        raise Conflict(_("A price that may lie below cost is not decided yet"))
    if not minutes.strip():
        raise Invalid(_("Write the minutes"), field="minutes")
    rows = compare(stated(_scheme(lot)), _compared(lot, seats))
    result = Result(lot=lot, panel=panel, rows=[_kept(row) for row in rows],
                    minutes=minutes.strip(), concluded_at=clock.now(),
                    concluded_by_id=actor.id)  # fmt: skip
    db.session.add(result)
    db.session.flush()
    told: dict[str, Any] = {"lot": lot.name, "bids": len(rows), "sheets": len(seats)}
    event = audit.Event.COMPARISON_CONCLUDED
    audit.record(actor, event, panel, scope=lot, total=f"{rows[0].total:f}", **told)
    return result


def award_best(actor: User, lot: Lot) -> Award:
    """The lot goes to the bid with the most points that still stands."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    result = queries.result_of(lot)
    if result is None:
        raise Conflict(_("The comparison isn't concluded yet"))
    standing = {bid.id: bid for bid in bidding.valid_bids(lot)}
    row = next((one for one in result.rows if one["bid_id"] in standing), None)
    if row is None:
        raise Conflict(_("Nobody who was compared stands any more; call the need off"))
    place, count = result.rows.index(row) + 1, len(result.rows)
    words = _("Place %(place)s of %(n)s compared, %(total)s points", place=place, n=count,
              total=row["total"])  # fmt: skip
    bid = standing[row["bid_id"]]
    choice = awarding.ByRule(bid.offer.evaluator, bid.price_fen or 0, str(words))
    return awarding.award_by_rule(actor, lot, choice)


def _scheme(lot: Lot) -> Scheme:
    scheme = queries.scheme_of(lot.need)
    if scheme is None:
        raise Conflict(_("The notice states no criteria"))
    return scheme


def _check_sheet(scheme: Scheme, bids: Sequence[Bid], sheet: Sheet) -> None:
    judged = [one["points"] for one in scheme.criteria if one["kind"] == Kind.JUDGED]
    if set(sheet) != {bid.id for bid in bids}:
        raise Invalid(_("Every plan needs its points"))
    for points in sheet.values():
        if len(points) != len(judged):
            raise Invalid(_("Each criterion needs its points"))
        for given, most in zip(points, judged, strict=True):
            if not 0 <= given <= most or given * 100 != int(given * 100):
                raise Invalid(_("From 0 to %(n)s, two decimals at most", n=most))


def _all_in(panel: Panel) -> list[Seat]:
    """The sheets that count, once all are in; short of members the panel is drawn anew."""
    if panel.record is None or queries.result_of(panel.lot) is not None:
        raise Conflict(_("The panel isn't drawn yet, or the comparison is concluded"))
    sitting = panel.sitting
    waiting = [seat for seat in sitting if seat.submitted_at is None]
    if waiting:
        raise Conflict(_("Sheets that are still missing: %(n)s", n=len(waiting)))
    if len(sitting) < panel.places:
        raise Conflict(_("Members are missing and nobody is left on the list; draw another panel"))
    return sitting


def _compared(lot: Lot, seats: Sequence[Seat]) -> list[Compared]:
    """The bids that stand at the end; whoever was rejected meanwhile is compared no more."""
    found = [
        Compared(
            bid.id,
            bid.agency_id,
            bid.price_fen or 0,
            [[Decimal(one) / 100 for one in seat.scores[str(bid.id)]] for seat in seats],
        )
        for bid in queries.judged_bids(lot)
    ]
    if not found:
        raise Conflict(_("No valid bid is open; call the need off or open the bids"))
    return found


def _kept(row: Row) -> dict[str, Any]:
    """A row as it is kept: exact points as text."""
    told = {name: str(told) if isinstance(told, Decimal) else told
            for name, told in asdict(row).items()}  # fmt: skip
    return {**told, "means": [str(one) for one in row.means], "total": str(row.total)}
