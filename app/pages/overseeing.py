"""What waits of warnings, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.alerts import queries
from app.alerts.models import Alert
from app.pages.waiting import Todo, count_of
from app.policy import Role


def own_warnings(user: User) -> Todo:
    """Warnings that wait for this person's word."""
    query = select(Alert.id).where(Alert.owner_id == user.id, queries.is_waiting())
    return Todo(
        _("Warnings to deal with"), count_of(query), "alerts.index", {"show": "mine"}, "warn"
    )


def escalated_warnings(_user: User) -> Todo:
    """Warnings whose owner's word is late."""
    query = select(Alert.id).where(Alert.escalated_at.is_not(None), queries.is_waiting())
    label = _("Warnings past their day")
    return Todo(label, count_of(query), "alerts.index", {"show": "escalated"}, "bad")


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        return [own_warnings]
    return [escalated_warnings] if user.role is Role.LEADER else []
