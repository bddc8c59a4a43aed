"""The numbers above the board."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, case, func

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement, Stage
from app.pages.board import end_of_week, opinions_open, papers_awaiting, running


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
