"""Statistics that took long to count are kept for some minutes, and the page says since when."""

import time
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import engagements_visible_to
from app.pages import statistics
from app.pages.counting import Narrowing, jobs_of
from app.policy import sees_whole_district

SLOW = 0.2  # seconds: what is counted within them is counted at each look
KEPT_SECONDS = 300
MOST_KEPT = 16
LARGE = 2000  # engagements: from here on the page shows one year unless all are asked for


@dataclass(frozen=True)
class Counted:
    """What the page of statistics shows, and when it was counted."""

    lines: list[statistics.Line]
    whole: statistics.Line
    stages: list[statistics.StageLine]
    at: datetime
    is_kept: bool  # it took long, so others see the same for some minutes


def counted(user: User, asked: Narrowing) -> Counted:
    """The statistics that this person asked for; those who see the same share them."""
    kept: dict[object, tuple[float, Counted]]
    kept = current_app.extensions.setdefault("statistics", {})
    sees_all = sees_whole_district(user, None)
    key = (None if sees_all else (user.organisation_id, user.role), asked, clock.today())
    until, found = kept.get(key, (0.0, None))
    if found is not None and until > time.monotonic():
        return found
    began = time.monotonic()
    jobs = jobs_of(user, asked)
    lines, whole = statistics.lines(jobs, asked.by), statistics.together(jobs)
    stages = statistics.by_stage(jobs)
    is_slow = time.monotonic() - began > SLOW
    made = Counted(lines, whole, stages, clock.now(), is_slow)
    if is_slow:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = (time.monotonic() + KEPT_SECONDS, made)
    return made


def is_large(user: User) -> bool:
    """Whether this person sees so many engagements that a year of them is enough at once."""
    some = engagements_visible_to(user).order_by(None).with_only_columns(Engagement.id)
    counted_some = select(func.count()).select_from(some.limit(LARGE).subquery())
    return (db.session.scalar(counted_some) or 0) >= LARGE
