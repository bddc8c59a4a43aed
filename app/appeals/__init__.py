"""The agency's reply and appeal after a rating is opened, and what the decider makes of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import current_app

from app import clock, reviews
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.reviews.models import ReviewRound


def panel(found: "ReviewRound", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """What the page of a rating says of replies and the appeal, to those who may read it."""
    from app.appeals import queries
    from app.appeals.labels import OUTCOMES

    if not can(user, Permission.REVIEW_SUMMARY_READ, found):
        return None
    last = queries.last_day_of(found, current_app.config["APPEAL_WINDOW_WORKING_DAYS"])
    in_time = last is not None and clock.today() <= last
    replies, appeal = queries.replies_to(found), queries.appeal_of(found)
    facts = {"round": found, "replies": replies, "appeal": appeal, "outcomes": OUTCOMES}
    return "appeals/panel.html", {**facts, "last_day": last, "in_time": in_time}


def join() -> None:
    """Stand beside the opened rating; once a process is enough."""
    if panel not in reviews.panels:
        reviews.panels.append(panel)
