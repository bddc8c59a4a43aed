"""Hours and quizzes of a person: theirs to take."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db
from app.display import local_date
from app.personal.exporting import Section
from app.training.labels import SOURCES, STATES
from app.training.models import HourRecord, QuizAttempt

MOST = 5000


def hours_of(user: User) -> list[tuple[str | datetime, ...]]:
    """Every hour that a person earned or claimed, the newest first."""
    query = select(HourRecord).where(HourRecord.user_id == user.id)
    return [
        (
            one.title,
            str(SOURCES[one.source]),
            one.provider,
            str(one.hours),
            local_date(one.earned_on),
            local_date(one.expires_on),
            str(STATES[one.state][0]),
            one.certificate or "",
        )
        for one in db.session.scalars(query.order_by(HourRecord.id.desc()).limit(MOST))
    ]


def quizzes_of(user: User) -> list[tuple[str | datetime, ...]]:
    """Every quiz that a person began, the newest first."""
    query = select(QuizAttempt).where(QuizAttempt.user_id == user.id)
    return [
        (one.course.title, one.begun_at, "" if one.percent is None else f"{one.percent}%")
        for one in db.session.scalars(query.order_by(QuizAttempt.id.desc()).limit(MOST))
    ]


HOURS = Section(
    _("Hours of training"),
    {
        "title": _("Title"),
        "source": _("Source"),
        "provider": _("Provider"),
        "hours": _("Hours"),
        "earned_on": _("Earned on"),
        "expires_on": _("Good until"),
        "state": _("State"),
        "certificate": _("Certificate"),
    },
    hours_of,
)
QUIZZES = Section(
    _("Quizzes"), {"course": _("Course"), "begun_at": _("Begun"), "score": _("Score")}, quizzes_of
)
