"""What warnings say on the page of an engagement, in the log, and when work is handed over."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from app import engagements, handovers
from app.accounts.models import User
from app.alerts import labels, queries
from app.alerts.models import Alert, AlertKind
from app.audit.wording import show_fact
from app.db import db
from app.engagements.models import Engagement
from app.handovers import Movable
from app.papers.joining import once
from app.policy import Permission, can


def join() -> None:
    """Join the lists below once, however many portals this process makes."""
    once(engagements.panels, panel)
    handovers.move_with(WARNINGS)
    show_fact("alert_kind", lambda kind: str(labels.KINDS[AlertKind(kind)]))


def panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The warnings that wait about an engagement, for those who read them."""
    if not can(user, Permission.ALERT_READ, engagement):
        return None
    found = queries.waiting_on(engagement)
    return ("alerts/panel.html", {"alerts": found, "labels": labels}) if found else None


def _count(person: User) -> int:
    query = select(func.count()).where(Alert.owner_id == person.id, queries.is_waiting())
    return db.session.scalar(query) or 0


def _move(giver: User, taker: User) -> int:
    count = _count(giver)
    moved = update(Alert).where(Alert.owner_id == giver.id, queries.is_waiting())
    keep = {"synchronize_session": False}
    db.session.execute(moved.values(owner_id=taker.id), execution_options=keep)
    return count


WARNINGS = Movable("alerts", _("Warnings"), _count, _move)
