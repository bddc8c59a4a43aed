"""Working papers: their versions, the bytes behind them, and the final report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.errors import Words

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import PaperVersion, WorkingPaper


@dataclass(frozen=True)
class Panel:
    """What an upper feature adds to a paper's page: its template and what that needs."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


# An upper feature says why a version can't be approved yet, in words; None where nothing is open.
approval_gates: "list[Callable[[PaperVersion], Words | None]]" = []
# An upper feature adds to the page of a paper, on its right.
panels: "list[Callable[[User, WorkingPaper], Panel]]" = []


def join() -> None:
    """Listen to the features below."""
    from app.papers import joining

    joining.join()
