"""Engagements: contracts with agencies, their stages and acceptance.

What upper features have to say about an engagement they say through the lists below, which they
join in create_app(). Everything that is called runs inside the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import Words

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.engagements.models import Engagement, Stage
    from app.engagements.opening import NewEngagement


@dataclass(frozen=True)
class Tab:
    """One page about an engagement, beside its overview: its words, address and open count."""

    label: Words
    url: str
    count: int = 0
    tone: str = ""  # bad, warn


Gate = Callable[["Stage"], Words | None]
AcceptanceGate = Callable[["Engagement"], Words | None]
Listener = Callable[["User", "Engagement"], None]
OpeningCheck = Callable[["NewEngagement"], None]
OpeningListener = Callable[["User", "Engagement", "NewEngagement"], None]
Panel = Callable[["Engagement", "User"], tuple[str, Mapping[str, Any]] | None]
TabFor = Callable[["Engagement", "User"], Tab | None]

# What forbids that an engagement is opened: each raises in business words (conflicts of interest).
opening_checks: list[OpeningCheck] = []
# Called with (actor, engagement, what was entered) when an engagement was opened.
on_opened: list[OpeningListener] = []
# What is still missing before a stage may be submitted by the agency (required papers).
submission_gates: list[Gate] = []
# What is still missing before a stage may be approved or archived (unsettled opinions). The
# submission gates hold at the approval too.
gates: list[Gate] = []
# What is still missing before the commissioning party may accept (a final report of this round).
acceptance_gates: list[AcceptanceGate] = []

# What whoever approves a stage should know of, though it forbids nothing (undecided papers).
approval_notes: list[Gate] = []

# Called with (actor, engagement) when the commissioning party has accepted.
on_accepted: list[Listener] = []
# Called with (actor, engagement) when work ended without acceptance: final refusal, termination.
on_ended: list[Listener] = []

# What upper features show on the page of an engagement: (template, context), or nothing for this
# person. The template is included and reads its context as `panel`; what waits there for this
# person is a list `next` of (words, address) in it, told above the page's figures.
panels: list[Panel] = []

# What upper features lay beside the form of the decision on acceptance, as above: what it rests on.
acceptance_panels: list[Panel] = []

# Further pages about an engagement, in their order in the row below its name; a page of a feature
# that is reached so shows the row too (templates/components/tabs.html).
tabs: list[TabFor] = []
