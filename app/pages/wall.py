"""The large screen: what the bureau's wall shows of the work, legible from across a room."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func

from app import clock
from app.accounts.models import User
from app.alerts import queries as alerts
from app.db import db
from app.engagements.models import Stage
from app.pages import activity, board, figures
from app.policy import Permission, can

WORST, ACTS = 8, 7  # so many fit on a wall of 1080 lines, which nobody scrolls


@dataclass(frozen=True)
class Column:
    """One stage: how many engagements are at it, by their lights."""

    code: str
    name: str
    red: int
    amber: int
    green: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.red + self.amber + self.green


def columns(user: User) -> list[Column]:
    """How many engagements stand at each stage, by light, in one statement."""
    today = clock.today()
    soon = clock.add_working_days(today, board.SOON)
    number = [
        func.coalesce(func.sum(case((Stage.due_on < today, 1), else_=0)), 0),
        func.coalesce(func.sum(case((Stage.due_on.between(today, soon), 1), else_=0)), 0),
        func.coalesce(func.sum(case((Stage.due_on > soon, 1), else_=0)), 0),
    ]
    query = (
        board.running(user)
        .with_only_columns(Stage.code, func.min(Stage.name), *number)
        .group_by(Stage.code)
        .order_by(func.avg(Stage.position), Stage.code)
    )
    return [
        Column(code, name, int(red), int(amber), int(green))
        for code, name, red, amber, green in db.session.execute(query)
    ]


def shown(user: User) -> dict[str, Any]:
    """Everything that the wall shows."""
    late, _more = board.rows(user, board.Filters(state="overdue"), WORST)
    stages = columns(user)
    reads = can(user, Permission.ALERT_LIST, None)
    lights = {
        tone: sum(getattr(each, tone) for each in stages) for tone in ("red", "amber", "green")
    }
    return {
        "numbers": figures.figures(user),
        "stages": stages,
        "most": max((each.count for each in stages), default=1) or 1,
        "lights": lights,
        "late": late,
        "warnings": alerts.counts(user) if reads else None,
        "feed": activity.newest(user, ACTS),
        "day": clock.today(),
    }
