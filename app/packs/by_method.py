"""What single methods add to a lot's file: the panel's comparison, the agreement's rotation."""

from typing import Any

from app.comparisons import queries as comparisons
from app.comparisons.models import Panel
from app.comparisons.stating import told_of
from app.frameworks import queries as frameworks
from app.procurement import queries, times
from app.procurement.methods import FRAMEWORK, Method
from app.procurement.models import Lot

Plain = dict[str, Any]


def added(lot: Lot) -> Plain:
    """The further parts of a lot's file, by name."""
    if lot.need.method is Method.COMPARISON:
        return _comparison(lot)
    if lot.need.method is Method.DRAW_BIDDING:
        return _invitation(lot)
    return _agreement(lot) if lot.need.method in FRAMEWORK else {}


def _invitation(lot: Lot) -> Plain:
    """The notice's rule, what it takes to apply it to the draw, and who was invited by it."""
    invitation = times.invitation_of(lot)
    draw = next((one for one in lot.draws if invitation and one.id == invitation.draw_id), None)
    if invitation is None or draw is None:
        return {}
    names = {key: name for key, name, _weight in draw.entries}
    gone = {one.agency_id for one in lot.offers
            if one.withdrawn_at is not None and one.withdrawn_at < invitation.made_at}  # fmt: skip
    told = {
        "attempt": draw.attempt,
        "places": times.places_of(lot.need),
        "kept_for_newcomers": times.newcomers_of(lot.need),
        "newcomers": sorted(names[key] for key in queries.newcomers_at(draw.frozen_at, names)),
        "stepped_back": sorted(names[key] for key in gone if key in names),
        "invited": [names[key] for key in invitation.agency_ids],
        "bids_until": invitation.bids_until.isoformat(),
    }
    return {"invitation": told}


def _comparison(lot: Lot) -> Plain:
    """The criteria of the notice, every attempt to draw a panel, every sheet, the totals."""
    scheme, result = comparisons.scheme_of(lot.need), comparisons.result_of(lot)
    told: Plain = {"panels": [_panel(one, result) for one in comparisons.attempts_of(lot)]}
    if scheme is not None:
        told["scheme"] = told_of(scheme) | {"digest": scheme.digest}
    if result is not None:
        told["rows"], told["minutes"] = result.rows, result.minutes
    return {"comparison": told}


def _panel(panel: Panel, result: Any) -> Plain:
    """A panel; its members' sheets only once the comparison is concluded."""
    is_counted = result is not None and result.panel_id == panel.id
    seats = [
        {"number": seat.number, "member": seat.expert.name, "aside": seat.is_left,
         "sheet": seat.scores if is_counted and not seat.is_left else None}
        for seat in panel.seats
    ]  # fmt: skip
    return {
        "subject": f"comparison_panel:{panel.id}",
        "draw_id": panel.draw_id,
        "attempt": panel.attempt,
        "list_digest": panel.list_digest,
        "commitment": panel.commitment,
        "beacon_id": panel.beacon_id,
        "void": panel.void_reason,
        "record": panel.record,
        "left_out": panel.left_out,
        "is_counted": is_counted,
        "seats": seats,
    }


def _agreement(lot: Lot) -> Plain:
    framework = frameworks.framework_of(lot.need)
    if framework is None:
        return {}
    told = {"code": framework.code, "name": framework.name, "result_url": framework.result_url}
    return {"agreement": told | {"rotation": frameworks.rotation_of(framework)}}
