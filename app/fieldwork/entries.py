"""What an entry says, and what it must say: asked of one form, and of every row of a workbook."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import clock
from app.accounts.models import User
from app.engagements.models import Engagement, Task
from app.errors import Invalid
from app.fieldwork import queries
from app.fieldwork.models import Activity


@dataclass(frozen=True)
class NewVisit:
    """A visit as it is told."""

    visited_on: date
    place: str
    people: str
    hosts: str = ""
    findings: str = ""
    task: Task | None = None


@dataclass(frozen=True)
class NewInterview:
    """A talk as it is told."""

    held_on: date
    person: str
    people: str
    topic: str
    findings: str = ""
    task: Task | None = None


@dataclass(frozen=True)
class NewQuestionnaire:
    """A round of questionnaires as it is told."""

    held_on: date
    audience: str
    sent: int
    returned: int
    valid: int
    task: Task | None = None


@dataclass(frozen=True)
class NewDays:
    """Days that a member spent, in halves."""

    member: User
    began_on: date
    ended_on: date
    half_days: int
    activity: Activity
    task: Task | None = None


New = NewVisit | NewInterview | NewQuestionnaire | NewDays


def check(engagement: Engagement, new: New) -> None:
    """What an entry must say; the import asks it of every row before any is kept."""
    if new.task is not None and new.task.engagement_id != engagement.id:
        raise Invalid(_("The task must belong to this engagement"), field="task")
    _CHECKS[type(new)](engagement, new)


def _check_day(engagement: Engagement, day: date, field: str) -> None:
    if not engagement.signed_on <= day <= clock.today():
        words = _("The day lies between the contract's signature and today")
        raise Invalid(words, field=field)


def _check_texts(new: Any, *names: str) -> None:
    for name in names:
        if not getattr(new, name).strip():
            raise Invalid(_("This must be filled in"), field=name)


def _check_visit(engagement: Engagement, new: Any) -> None:
    _check_day(engagement, new.visited_on, "visited_on")
    _check_texts(new, "place", "people")


def _check_interview(engagement: Engagement, new: Any) -> None:
    _check_day(engagement, new.held_on, "held_on")
    _check_texts(new, "person", "people", "topic")


def _check_questionnaire(engagement: Engagement, new: Any) -> None:
    _check_day(engagement, new.held_on, "held_on")
    _check_texts(new, "audience")
    if new.sent < 1:
        raise Invalid(_("At least one questionnaire went out"), field="sent")
    if not 0 <= new.returned <= new.sent:
        raise Invalid(_("No more come back than went out"), field="returned")
    if not 0 <= new.valid <= new.returned:
        raise Invalid(_("No more are valid than came back"), field="valid")


def _check_days(engagement: Engagement, new: Any) -> None:
    _check_day(engagement, new.began_on, "began_on")
    _check_day(engagement, new.ended_on, "ended_on")
    span = (new.ended_on - new.began_on).days + 1
    if span < 1:
        raise Invalid(_("The last day isn't before the first"), field="ended_on")
    if not 1 <= new.half_days <= min(2 * span, 186):
        raise Invalid(_("No more days than the period has"), field="days")
    if new.member.organisation_id != engagement.agency_id:
        raise Invalid(_("This person isn't of the agency"), field="member")
    if queries.spent_already(engagement, new.member, new.began_on, new.ended_on):
        words = _("Days of this person in this period are entered already")
        raise Invalid(words, field="began_on")


_CHECKS: dict[type, Callable[[Engagement, Any], None]] = {
    NewVisit: _check_visit,
    NewInterview: _check_interview,
    NewQuestionnaire: _check_questionnaire,
    NewDays: _check_days,
}
