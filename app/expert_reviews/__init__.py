"""Expert reviews (评审会): experts judge a paper apart, and every opinion of theirs is answered."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engagements.models import Engagement

# What upper features know against inviting experts, by their accounts: it raises.
CallGate = Callable[["Engagement", Collection[int]], None]
call_gates: list[CallGate] = []


def join() -> None:
    """Listen to the features below."""
    from app.expert_reviews import joining

    joining.join()
