"""What is said of an engagement's officer and reminders on its page, and what a hand-over moves."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from app import clock, engagements, handovers
from app.accounts.models import User
from app.db import db
from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.handovers import Movable
from app.oversight import queries
from app.oversight.models import BoardView, EngagementOfficer
from app.papers.joining import once
from app.policy import AGENCY_ROLES, Permission, Role, can

READS = AGENCY_ROLES | {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR, Role.SECTION_OFFICER}


def join() -> None:
    """Join the lists below once, however many portals this process makes."""
    once(engagements.panels, panel)
    handovers.move_with(ENGAGEMENTS)
    handovers.move_with(VIEWS)


def panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """Who looks after the engagement, and how often its agency was reminded."""
    if user.role not in READS:
        return None
    held, sent = queries.officer_of(engagement), queries.reminders_of(engagement)
    may = {
        "assign": can(user, Permission.ENGAGEMENT_ASSIGN, engagement),
        "remind": can(user, Permission.ENGAGEMENT_REMIND, engagement),
    }
    if held is None and not sent and not any(may.values()):
        return None
    told = {
        "engagement": engagement,
        "officer": held,
        "reminders": sent,
        "may": may,
        "stage_label": stage_label,
    }
    return "oversight/panel.html", told


def _held(person: User) -> Any:
    return (EngagementOfficer.officer_id == person.id, EngagementOfficer.ended_at.is_(None))


def _count(person: User) -> int:
    return db.session.scalar(select(func.count()).where(*_held(person))) or 0


def _move(giver: User, taker: User) -> int:
    count = _count(giver)
    moved = update(EngagementOfficer).where(*_held(giver)).values(officer_id=taker.id)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    return count


ENGAGEMENTS = Movable("officers", _("Engagements looked after"), _count, _move)


def _views(giver: User) -> int:
    return len(queries.views_of(giver))


def _copy_views(giver: User, taker: User) -> int:
    """What the giver follows on the board the taker follows too; a name of their own stays."""
    count = 0
    for view in queries.views_of(giver):
        own = queries.view_named(taker, view.name) or BoardView(user_id=taker.id, name=view.name)
        if own.id is None or own.removed_at is not None:
            own.query, own.saved_at, own.removed_at = view.query, clock.now(), None
            db.session.add(own)
            count += 1
    return count


VIEWS = Movable("board views", _("Kept views of the board"), _views, _copy_views)
