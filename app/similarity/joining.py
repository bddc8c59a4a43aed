"""What is shown of likenesses on the page of a paper, to the bureau's reviewers alone."""

from collections.abc import Mapping
from typing import Any

from app import papers
from app.accounts.models import User
from app.papers.joining import once
from app.papers.models import WorkingPaper
from app.policy import Permission, can
from app.similarity import labels, queries

PANEL = "similarity/paper_panel.html"


def join() -> None:
    """Join the lists of papers once, however many portals this process makes."""
    once(papers.panels, panel)


def panel(paper: WorkingPaper, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The likenesses of a paper's versions; an agency never learns of them or of others' words."""
    if not can(user, Permission.SIMILARITY_READ, paper):
        return None
    newest = next(one for one in paper.versions if one.number == paper.current_version)
    return PANEL, {
        "alarms": queries.alarms_of(paper),
        "is_checked": queries.is_checked(newest),
        "labels": labels,
    }
