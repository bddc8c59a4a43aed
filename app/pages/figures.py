"""The numbers above the board, and the mark by which live pages know that something happened."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, case, func, select

from app import clock
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.db import db
from app.engagements.models import Engagement, Stage
from app.pages.board import end_of_week, opinions_open, papers_awaiting, running

FRESH = 100  # how many of the newest events tell whether something changed

_NEWEST = select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(FRESH).subquery()
LATEST = select(func.coalesce(func.max(_NEWEST.c.id), 0), func.coalesce(func.sum(_NEWEST.c.id), 0))


@dataclass(frozen=True)
class Figures:
    """The five numbers above the board."""

    running: int
    new_this_week: int
    due_this_week: int
    due_today: int
    overdue: int
    overdue_agencies: int
    awaiting: int
    unanswered: int


def figures(user: User) -> Figures:
    """The numbers above the board, in one statement, over all that the person may see."""
    today = clock.today()
    week_began = clock.start_of(today - timedelta(days=today.weekday()))

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    late = Stage.due_on < today
    (line,) = db.session.execute(
        running(user).with_only_columns(
            func.count(),
            counted(Engagement.opened_at >= week_began),
            counted(Stage.due_on.between(today, end_of_week(today))),
            counted(Stage.due_on == today),
            counted(late),
            func.count(func.distinct(case((late, Engagement.agency_id)))),
            counted(papers_awaiting()),
            counted(opinions_open()),
        )
    ).all()
    return Figures(*map(int, line))


def change_mark(user: User, extra: str) -> str:
    """A mark that changes whenever anything happens, and each day: what live pages are asked by.

    People of one role in one house see the same board, so they have the same mark.

    Two entries of the log may be committed in the other order than they were numbered, so the
    sum over the newest ids is taken with their maximum.
    """
    top, total = db.session.execute(LATEST).one()
    text = f"{top}/{total}/{user.organisation_id}/{user.role}/{clock.today()}/{extra}"
    return sha256(text.encode()).hexdigest()[:24]
