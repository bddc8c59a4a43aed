"""Working papers: their versions, the bytes behind them, and the final report.

What upper features have to say about a paper they say through the lists below, which they join
in create_app().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import Words

if TYPE_CHECKING:
    from sqlalchemy import Select

    from app.accounts.models import User
    from app.engagements.models import Engagement
    from app.papers.models import KeptFile, PaperVersion, Upload, WorkingPaper

ApprovalGate = Callable[["PaperVersion"], Words | None]
StandIn = Callable[["Sequence[KeptFile]", "User"], str | None]
ReportGate = Callable[["PaperVersion"], Words | None]
Panel = Callable[["WorkingPaper", "User"], tuple[str, Mapping[str, Any]] | None]


@dataclass(frozen=True)
class Taker:
    """How a record of an upper feature takes a file that passed the check, and where it is shown.

    `prepare` may read the store; what it returns runs inside the transaction that ends the upload.
    """

    prepare: Callable[[Upload], Callable[[Upload], None]]
    address: Callable[[Upload], str]


# What still stands against approving a version (unsettled opinions).
approval_gates: list[ApprovalGate] = []
# What still stands against handing a version in as the final report (its three-level review).
report_gates: list[ReportGate] = []
# Where somebody is sent who asks for files of a version and gets something else in their place.
stand_ins: list[StandIn] = []
# What upper features show on the page of a paper: (template, context), or nothing for this
# person. The template is included and reads its context as `panel`; it stands on the right, or
# where the context's `place` says: "middle", above the versions, "index", below the list. What
# holds the approval up is a list `held` in it, told before anybody presses.
panels: list[Panel] = []
# By the kind of record that an upload names: files that are sent for no paper.
takers: dict[str, Taker] = {}
# The bytes that upper features keep of an engagement beside its papers: a SELECT of each sum.
further_bytes: list[Callable[[Engagement], Sequence[Select[Any]]]] = []


def join() -> None:
    """Listen to the features below."""
    from app.papers import joining

    joining.join()
