"""Archiving: how long papers are kept, and the package that is made of a finished engagement."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app import engagements
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.archiving.packing import Manifest
    from app.engagements.models import Engagement

# Told in the transaction in which a package is made: the engagement is archived from then on.
on_archived: "list[Callable[[Engagement, Manifest], None]]" = []
# What upper features add to the page of an engagement's archive.
panels: "list[Callable[[Engagement, User], tuple[str, Mapping[str, Any]] | None]]" = []


def panel(engagement: "Engagement", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """The way to the archive package, on the page of work that is over."""
    if engagement.is_open or not can(user, Permission.ARCHIVE_READ, engagement):
        return None
    return "archiving/panel.html", {"engagement": engagement}


def join() -> None:
    """Listen to the features below; once a process is enough."""
    if panel not in engagements.panels:
        engagements.panels.append(panel)
