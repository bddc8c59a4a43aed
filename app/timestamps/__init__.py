"""Time stamps (RFC 3161): another house says that a final report, or the log's head, was there.

They prove a time, not a signature: nothing here is an electronic seal, and what a stamp is worth
in law depends on the authority that the bureau chooses.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app import papers

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import WorkingPaper


def panel(paper: "WorkingPaper", _user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """The time stamps of the final reports among a paper's versions."""
    from app.timestamps import queries

    found = queries.stamps_of(paper)
    return ("timestamps/panel.html", {"stamps": found}) if found else None


def join() -> None:
    """Listen to the papers below; once a process is enough."""
    if panel not in papers.panels:
        papers.panels.append(panel)
