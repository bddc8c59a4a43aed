"""What each reader sees of a comparison: members by letters, nobody's points before all are in."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from app import clock
from app.accounts.models import User
from app.comparisons import queries
from app.comparisons.forms import SchemeForm, SheetForm
from app.comparisons.models import Panel, Result, Scheme, Seat
from app.comparisons.scoring import Kind
from app.errors import Missing
from app.policy import AGENCY_ROLES, Permission, Role, can
from app.procurement import opening
from app.procurement.bid_models import Bid
from app.procurement.bidding import bids_of
from app.procurement.models import Lot, Need
from app.web import fresh_token

# Stands for the seat of somebody who has none: the policy refuses it and tells the log.
NO_SEAT = SimpleNamespace(expert_id=0)


def scheme_form(need: Need) -> SchemeForm:
    """The form with what is stated, or with criteria to begin from."""
    scheme = queries.scheme_of(need)
    if scheme is None:
        return SchemeForm.usual()
    told = {"rule": str(scheme.rule), "price_rule": str(scheme.price_rule)}
    return SchemeForm(
        data={"criteria": scheme.criteria, "is_anonymous": scheme.is_anonymous, **told}
    )


def judged(scheme: Scheme | None) -> list[dict[str, Any]]:
    """The criteria that members judge."""
    criteria = [] if scheme is None else scheme.criteria
    return [one for one in criteria if one["kind"] == Kind.JUDGED]


def scheme_for(lot: Lot) -> Scheme:
    """What the notice says; without it nothing is compared."""
    scheme = queries.scheme_of(lot.need)
    if scheme is None:
        raise Missing
    return scheme


def plan_names(lot: Lot, scheme: Scheme) -> dict[int, str]:
    """How each plan is called: by its letter, or by its agency where the notice says so."""
    letters = queries.plan_letters(lot)
    if scheme.is_anonymous:
        return letters
    return {bid.id: bid.offer.agency.name for bid in queries.judged_bids(lot)}


def sheet_form(panel: Panel, **more: Any) -> tuple[SheetForm, list[Bid]]:
    """A member's sheet, and the bids in the order of its rows."""
    scheme, bids = scheme_for(panel.lot), queries.judged_bids(panel.lot)
    names = plan_names(panel.lot, scheme)
    bids.sort(key=lambda bid: names[bid.id])
    return SheetForm.about([names[bid.id] for bid in bids], judged(scheme), **more), bids


def is_out(panel: Panel, user: User) -> bool:
    """Whether this expert has no seat that counts: who stands aside reads no plan."""
    mine = [seat for seat in panel.sitting if seat.expert_id == user.id and seat.stated_at]
    return user.role is Role.EXPERT and not mine


def told_of(panel: Panel, user: User, forms: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page of a panel shows to this person."""
    lot = panel.lot
    scheme, result = scheme_for(lot), queries.result_of(lot)
    seat = next((one for one in panel.seats if one.expert_id == user.id), None)
    names = plan_names(lot, scheme)
    sheet, bids = sheet_form(panel, formdata=None, data={"once": fresh_token()})
    return {
        "lot": lot,
        "scheme": scheme,
        "judged": judged(scheme),
        "seat": seat,
        "result": result,
        "bids": [] if is_out(panel, user) else bids,
        "names": names,
        "plans": opening.plans_of(lot),
        "is_expert": user.role is Role.EXPERT,
        "sheet": sheet,
        "number_is_out": clock.now() >= panel.beacon_from,
        **forms,
    }


def result_for(result: Result, user: User) -> dict[str, Any]:
    """To bidders totals and the means of their own plan, to auditors each member's sheet."""
    panel = queries.whole_panel(result.panel_id)
    scheme, lot = scheme_for(result.lot), result.lot
    sees_sheets = can(user, Permission.COMPARISON_SHEETS_READ, result)
    bids = {bid.id: bid for bid in bids_of(lot)}
    own = user.organisation_id if user.role in AGENCY_ROLES else 0
    return {
        "panel": panel,
        "scheme": scheme,
        "judged": judged(scheme),
        "letters": queries.plan_letters(lot),
        "bids": bids,
        "seats": panel.sitting if panel and sees_sheets else [],
        "own": next((row for row in result.rows if row["agency_id"] == own), None),
        "points_of": points_of,
    }


def points_of(seat: Seat, bid_id: int) -> Sequence[float]:
    """A member's points for a bid, by judged criterion."""
    return [one / 100 for one in seat.scores.get(str(bid_id), [])]
