"""What comparisons say of a need and a lot: what the notice lacks, how far the panel is."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app import procurement
from app.accounts.models import User
from app.audit.wording import show_fact
from app.comparisons import labels, queries
from app.errors import Words
from app.expert_reviews.labels import RULES
from app.papers.joining import once
from app.policy import Permission, can
from app.procurement import times
from app.procurement.methods import Method
from app.procurement.models import Lot, Need

Shown = tuple[str, Mapping[str, Any]] | None


def join() -> None:
    """Join the lists of procurement once, however many portals this process makes."""
    once(procurement.notice_gates, lacks_criteria)
    once(procurement.need_panels, need_panel)
    once(procurement.lot_panels, lot_panel)
    show_fact("tie", lambda why: str(labels.LEFT_OUT.get(why, why)))


def lacks_criteria(need: Need) -> Words | None:
    """A comparison is announced with its criteria."""
    if need.method is not Method.COMPARISON or queries.scheme_of(need) is not None:
        return None
    return _("State first the criteria by which bids are compared")


def need_panel(need: Need, user: User) -> Shown:
    """The criteria, on the page of the need."""
    if need.method is not Method.COMPARISON:
        return None
    scheme = queries.scheme_of(need)
    may_edit = can(user, Permission.COMPARISON_RUN, need) and need.announced_at is None
    rule = RULES[scheme.rule] if scheme else ""
    told = {"scheme": scheme, "may_edit": may_edit, "rule": rule, "words": labels}
    return "comparisons/need_panel.html", told


def lot_panel(lot: Lot, user: User) -> Shown:
    """How far the panel is, on the page of the lot."""
    if lot.need.method is not Method.COMPARISON:
        return None
    panel, goes_on = queries.panel_of(lot), lot.need.cancelled_at is None and lot.award is None
    may_run = can(user, Permission.COMPARISON_RUN, lot.need) and goes_on
    told = {
        "panel": panel,
        "result": queries.result_of(lot),
        "may_read": can(user, Permission.COMPARISON_SHEETS_READ, lot),
        "may_award": can(user, Permission.PROCUREMENT_AWARD, lot) and goes_on,
        "may_draw": may_run and panel is None and times.is_over(lot),
    }
    return "comparisons/lot_panel.html", told
