"""Working papers: their versions, the bytes behind them, and the final report.

What upper features have to say about a paper they say through the lists below, which they join
in create_app().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.errors import Words

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import KeptFile, PaperVersion, WorkingPaper

ApprovalGate = Callable[["PaperVersion"], Words | None]
StandIn = Callable[["KeptFile", "User"], str | None]
ReportGate = Callable[["PaperVersion"], Words | None]
Panel = Callable[["WorkingPaper", "User"], tuple[str, Mapping[str, Any]] | None]

# What still stands against approving a version (unsettled opinions).
approval_gates: list[ApprovalGate] = []
# What still stands against handing a version in as the final report (its three-level review).
report_gates: list[ReportGate] = []
# Where somebody is sent who asks for a file and gets something else in its place.
stand_ins: list[StandIn] = []
# What upper features show on the page of a paper: (template, context), or nothing for this
# person. The template is included and reads its context as `panel`; it stands on the right, or
# where the context's `place` says: "middle", above the versions, "index", below the list.
panels: list[Panel] = []


def join() -> None:
    """Listen to the features below."""
    from app.papers import joining

    joining.join()
