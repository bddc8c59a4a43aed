"""Questions, answers and changes on the page of a need."""

from collections.abc import Mapping
from typing import Any

from app import procurement
from app.accounts.models import User
from app.clarifications import queries
from app.papers.joining import once
from app.policy import Permission, can
from app.procurement.models import Need


def join() -> None:
    """Join the list of procurement once, however many portals this process makes."""
    once(procurement.need_panels, panel)


def panel(need: Need, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """What was asked and answered, and what changed, for those who read the need."""
    if need.announced_at is None or not need.is_called:
        return None
    told = {
        "questions": queries.questions_for(need, user),
        "changes": queries.changes_of(need),
        "may_ask": need.is_taking_offers and can(user, Permission.PROCUREMENT_OFFER, need),
        "may_answer": need.is_taking_offers and can(user, Permission.PROCUREMENT_PLAN, need),
        "own": user.organisation_id,
    }
    return "clarifications/panel.html", told
