"""What agreements say of a need and a lot: which one it is, who may take part, whose turn it is."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app import procurement
from app.accounts.models import User
from app.audit.wording import show_fact
from app.errors import Words
from app.frameworks import labels, queries
from app.frameworks.models import Outcome
from app.papers.joining import once
from app.policy import Permission, can
from app.procurement.methods import FRAMEWORK
from app.procurement.models import Lot, Need

Shown = tuple[str, Mapping[str, Any]] | None


def join() -> None:
    """Join the lists of procurement once, however many portals this process makes."""
    once(procurement.notice_gates, lacks_framework)
    once(procurement.offer_gates, no_member)
    once(procurement.pools, members_of)
    once(procurement.need_panels, need_panel)
    once(procurement.lot_panels, lot_panel)
    show_fact("turn_outcome", lambda word: str(labels.OUTCOMES[Outcome(word)]))


def lacks_framework(need: Need) -> Words | None:
    """A second stage names its agreement."""
    if need.method not in FRAMEWORK or queries.framework_of(need) is not None:
        return None
    return _("Name the agreement first")


def no_member(lot: Lot, agency_id: int) -> Words | None:
    """In a second stage the members of the agreement take part, and nobody else."""
    if lot.need.method not in FRAMEWORK:
        return None
    framework = queries.framework_of(lot.need)
    members = queries.standing(framework) if framework else []
    if agency_id in {member.agency_id for member in members}:
        return None
    return _("Your agency is no member of this framework agreement")


def members_of(lot: Lot) -> Collection[int] | None:
    """In a second stage somebody is chosen among the members of the agreement."""
    if lot.need.method not in FRAMEWORK:
        return None
    framework = queries.framework_of(lot.need)
    return {member.agency_id for member in queries.standing(framework)} if framework else set()


def need_panel(need: Need, user: User) -> Shown:
    """The agreement, on the page of the need."""
    if need.method not in FRAMEWORK:
        return None
    may_name = can(user, Permission.PROCUREMENT_PLAN, need) and need.announced_at is None
    told = {"framework": queries.framework_of(need), "may_name": may_name}
    return "frameworks/need_panel.html", told


def lot_panel(lot: Lot, user: User) -> Shown:
    """Whose turn it is, or that the buyer chooses, on the page of the lot."""
    if lot.need.method not in FRAMEWORK:
        return None
    framework = queries.framework_of(lot.need)
    if framework is None:
        may_name = can(user, Permission.PROCUREMENT_PLAN, lot.need)
        return "frameworks/lot_panel.html", {"framework": None, "may_name": may_name}
    goes_on = lot.need.cancelled_at is None and lot.award is None
    told = {
        "framework": framework,
        "turns": queries.turns_for(framework, lot),
        "members": {member.id: member for member in framework.members},
        "next": queries.whose_turn(framework, lot) if goes_on else None,
        "may_award": can(user, Permission.PROCUREMENT_AWARD, lot) and goes_on,
        "outcomes": labels.OUTCOMES,
    }
    return "frameworks/lot_panel.html", told
