"""What waits for whoever keeps the portal running, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.handovers.queries import awaiting
from app.notifications.models import Delivery
from app.pages.waiting import Todo, count_of
from app.policy import Role
from app.queueing.models import PeriodicRun, QueuedJob


def given_up(_user: User) -> Todo:
    """Queued work that failed too often."""
    query = select(QueuedJob.id).where(QueuedJob.failed_at.is_not(None))
    return Todo(_("Work given up"), count_of(query), "queueing.index", {"state": "failed"}, "bad")


def failing(_user: User) -> Todo:
    """Periodic jobs whose last turn failed."""
    query = select(PeriodicRun.name).where(PeriodicRun.failures > 0)
    return Todo(_("Periodic jobs that fail"), count_of(query), "queueing.index", {}, "bad")


def undelivered(_user: User) -> Todo:
    """Messages that were given up."""
    query = select(Delivery.id).where(Delivery.dead_at.is_not(None))
    where = {"state": "dead"}
    return Todo(_("Messages given up"), count_of(query), "notifications.outbox", where, "warn")


def years_missing(_user: User) -> Todo:
    """Years whose working days nobody has entered."""
    missing = len(clock.missing_years(clock.today()))
    return Todo(_("Holiday tables missing"), missing, "pages.system", {}, "bad")


def handovers_to_confirm(user: User) -> Todo:
    """Hand-overs that wait for this person's word."""
    return Todo(_("Hand-overs to confirm"), count_of(awaiting(user)), "handovers.index", {}, "warn")


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What everybody is asked of hand-overs, and the system administrator of the portal."""
    if user.role is Role.SYSTEM_ADMIN:
        return [handovers_to_confirm, given_up, failing, undelivered, years_missing]
    return [handovers_to_confirm]
