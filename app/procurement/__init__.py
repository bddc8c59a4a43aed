"""Procurement (择优采购): from a need through a lawful choice to the contract.

What upper features have to say about a need or a lot they say through the lists below, which they
join in create_app().
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from app.errors import Words

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.procurement.models import Lot, Need

NoticeGate = Callable[["Need"], Words | None]
Pool = Callable[["Lot"], Collection[int] | None]
OfferGate = Callable[["Lot", int], Words | None]
Panel = Callable[[Any, "User"], tuple[str, Mapping[str, Any]] | None]

# What is still missing before a need may be announced (criteria, the agreement).
notice_gates: list[NoticeGate] = []
# Why an agency may not sign up for a lot (no member of the agreement).
offer_gates: list[OfferGate] = []
# Who may be chosen for a lot at all (an agreement's members); None where everybody may.
pools: list[Pool] = []
# What upper features show on the page of a need, and of a lot: (template, context), or nothing.
need_panels: list[Panel] = []
lot_panels: list[Panel] = []


def join() -> None:
    """Say how this feature's facts are written in the log."""
    from app.audit.wording import NOTHING, show_fact
    from app.display import moment_told, yuan
    from app.procurement import labels
    from app.procurement.methods import Method

    for name in ("budget_fen", "limit_fen", "price_fen"):
        show_fact(name, yuan)
    for name in ("before", "until"):
        show_fact(name, moment_told)
    show_fact("ranking", lambda code: code or NOTHING)
    show_fact("late_days", labels.late)
    show_fact("method", lambda method: str(labels.METHODS[Method(method)]))
