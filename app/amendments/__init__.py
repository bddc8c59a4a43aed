"""What changes in the course of an engagement, each with what stood before, who and why.

Extensions and a new lead evaluator are asked by the agency and decided; supplements to the
contract, suspensions, corrections and the contract that follows are entered by the section.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import Words

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.engagements.models import Engagement

# Asked with (engagement, new fee) before a fee changes: what stands against it (money promised).
fee_gates: list[Callable[[Engagement, int], Words | None]] = []
# Called with (actor, engagement) after its fee changed, in the same transaction.
on_fee_changed: list[Callable[[User, Engagement], None]] = []


def join() -> None:
    """Listen to the features below."""
    from app.amendments import joining

    joining.join()
