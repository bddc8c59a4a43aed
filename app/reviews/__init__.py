"""The buyers' stars: sealed until all are in or the window closes, then told with care.

What upper features have to say beside an opened rating they say through `panels`, which they join
in create_app().
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import current_app

from app import engagements

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.engagements.models import Engagement
    from app.reviews.models import ReviewRound

Panel = Callable[["ReviewRound", "User"], tuple[str, Mapping[str, Any]] | None]

# What upper features show on the page of a rating: (template, context), or nothing for this
# person. The template is included and reads its context as `panel`.
panels: list[Panel] = []


def open_round(actor: "User", engagement: "Engagement") -> None:
    """Acceptance, final refusal and termination open the rating, in the same transaction."""
    from app.reviews import services

    window: int = current_app.config["REVIEW_WINDOW_WORKING_DAYS"]
    services.open_round(actor, engagement, window=window)


def remind_due() -> int:
    """The portal reminds those who haven't rated, on the days that the settings name."""
    from app.reviews import services

    return services.remind_due(current_app.config["REVIEW_REMINDERS_WORKING_DAYS"])


def panel(engagement: "Engagement", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """What the page of an engagement says of its rating."""
    from app.reviews import queries

    found = queries.round_of(engagement)
    if found is None:
        return None
    own = queries.invitation_for(user, found)
    return "reviews/panel.html", {"round": found, "invitation": own}


def join() -> None:
    """Listen to the features below; once a process is enough."""
    from app.identity import acts
    from app.reviews import weighing

    acts.ACTS.setdefault(weighing.KIND, weighing.ACT)
    for listeners, ours in (
        (engagements.on_accepted, open_round),
        (engagements.on_ended, open_round),
    ):
        if ours not in listeners:
            listeners.append(ours)
    if panel not in engagements.panels:
        engagements.panels.append(panel)
