"""How a panel is drawn for a lot, and who of those drawn sits there.

The list is frozen after the time for bids is over, so that everybody's ties to the bidders are
known; whoever has one is left out by rule, with the reason on record.
"""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.comparisons import labels, queries, telling
from app.comparisons.models import Panel, Seat
from app.comparisons.queries import Ties
from app.db import lock
from app.errors import Conflict, Invalid
from app.expert_reviews.models import Ground
from app.expert_reviews.totals import LEAST_TRIMMED, Rule
from app.experts import paneling
from app.experts.models import Expert
from app.experts.paneling import NewPanel
from app.experts.queries import pool
from app.policy import Permission, require
from app.procurement import times
from app.procurement.draws import Revealed
from app.procurement.methods import Method
from app.procurement.models import Lot

LEAST, MOST = 3, 15


def freeze_panel(actor: User, lot: Lot, new: NewPanel) -> tuple[Panel, str]:
    """List and commitment stand before the public number exists; the secret is shown once.

    Left out is whoever rests, knows another field, or has a tie to a bidder, the buyer or a unit.
    """
    lock(lot)
    require(actor, Permission.COMPARISON_RUN, lot.need)
    _check(lot, new)
    panel = _frozen(actor, lot, new)
    secret = paneling.commit_to(panel, new.slip)
    told: dict[str, Any] = {"commitment": panel.commitment, "places": panel.places}
    beacon, event = panel.beacon_id, audit.Event.COMPARISON_PANEL_FROZEN
    audit.record(actor, event, panel, scope=lot, beacon=beacon, lot=lot.name, **told)
    return panel, secret


def hold_panel(actor: User, panel: Panel, told: Revealed) -> None:
    """With the public number and the secret the panel follows; the first ones drawn sit."""
    require(actor, Permission.COMPARISON_RUN, panel.lot.need)
    facts = paneling.reveal(panel, told)
    _fill(actor, panel)
    event = audit.Event.COMPARISON_PANEL_DRAWN
    audit.record(actor, event, panel, scope=panel.lot, lot=panel.lot.name, **facts)


def void_panel(actor: User, panel: Panel, reason: str) -> None:
    """An attempt is void, on record with its reason; the next one starts anew."""
    require(actor, Permission.COMPARISON_RUN, panel.lot.need)
    paneling.end(panel, reason)
    event, told = audit.Event.COMPARISON_PANEL_VOIDED, panel.void_reason
    audit.record(actor, event, panel, scope=panel.lot, lot=panel.lot.name, reason=told)


def state_grounds(actor: User, seat: Seat, grounds: Collection[Ground]) -> None:
    """A member states on the five grounds; whoever has one leaves the seat to the next drawn."""
    panel = seat.panel
    lock(panel)
    require(actor, Permission.COMPARISON_SCORE, seat)
    if seat.stated_at is not None or queries.result_of(panel.lot) is not None:
        raise Conflict(_("The statement was made already"))
    if seat.refused:
        raise Conflict(_("This member may not judge: %(why)s", why=labels.LEFT_OUT[seat.refused]))
    seat.stated_at = clock.now()
    seat.grounds = [str(ground) for ground in Ground if ground in grounds]
    if seat.is_left:
        _fill(actor, panel)
    told = {"lot": panel.lot.name, "seat": seat.number, "grounds": seat.grounds}
    audit.record(actor, audit.Event.COMPARISON_SEAT_STATED, panel, scope=panel.lot, **told)


def _check(lot: Lot, new: NewPanel) -> None:
    if lot.need.method is not Method.COMPARISON or lot.need.cancelled_at is not None:
        raise Conflict(_("This need isn't placed by a comparison"))
    if not times.is_over(lot):
        raise Conflict(_("The panel is drawn after the time for bids is over"))
    scheme = queries.scheme_of(lot.need)
    least = LEAST_TRIMMED if scheme and scheme.rule is Rule.TRIMMED else LEAST
    if not least <= new.places <= MOST or new.places % 2 == 0:
        words = _("An odd number of members, from %(least)s to %(most)s", least=least, most=MOST)
        raise Invalid(words, field="places")
    new.expect_unknown()
    if queries.panel_of(lot) is not None:
        raise Conflict(_("A panel of this lot is drawn, or waits for its number"))


def _frozen(actor: User, lot: Lot, new: NewPanel) -> Panel:
    ties = Ties.of(lot)
    found = [(one, ties.reason_against(one, new.field)) for one in pool()]
    return Panel(lot=lot, attempt=queries.next_attempt(lot), **paneling.listed(actor, new, found))


def _fill(actor: User, panel: Panel) -> None:
    """Seat the next ones drawn until every place is taken; who became related since is refused.

    A refusal is on record with its reason. Where nobody is left, places stay empty.
    """
    if panel.record is None:
        return
    keys = {name: key for key, name in panel.entries}
    order = [keys[pick[0]] for pick in panel.record["picks"]]
    ties, known = Ties.of(panel.lot), {one.user_id: one for one in pool()}
    for number, key in enumerate(order, start=1):
        if len(panel.sitting) >= panel.places:
            return
        if key not in panel.expert_ids and key in known:
            _seat(actor, panel, (number, known[key]), ties.reason_against(known[key], panel.field))


def _seat(actor: User, panel: Panel, drawn: tuple[int, Expert], reason: str) -> None:
    number, expert = drawn
    seat = Seat(number=number, expert=expert.user, expert_id=expert.user_id,
                seated_at=clock.now(), grounds=[], refused=reason, scores={})  # fmt: skip
    panel.seats.append(seat)
    if reason:
        told = {"lot": panel.lot.name, "seat": number, "tie": reason}
        audit.record(actor, audit.Event.COMPARISON_SEAT_REFUSED, panel, scope=panel.lot, **told)
    else:
        telling.tell_member(panel, expert.user_id)
