"""Exchange (交流·合作): topics, notices, policies, cooperation, agreements and published cases."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app import papers
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import WorkingPaper


def panel(paper: "WorkingPaper", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """The way of an accepted paper into the case library, for the performance section."""
    from app.exchange import queries

    if not can(user, Permission.CASE_PROPOSE, paper):
        return None
    version = queries.accepted_version(paper)
    if version is None:
        return None
    return "exchange/paper_panel.html", {"paper": paper, "case": queries.case_of(version)}


def join() -> None:
    """Speak up on a paper's page; once a process is enough."""
    if panel not in papers.panels:
        papers.panels.append(panel)
