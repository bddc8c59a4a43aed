"""Many engagements at once for the board: a real one is opened, its rows are copied."""

from datetime import timedelta

from sqlalchemy import insert, select

from app import clock
from app.db import db
from app.engagements.models import Engagement, Stage, Task
from tests.factories import make_engagement


def crowd(number: int) -> Engagement:
    """Open one engagement by its service and copy its rows until there are so many."""
    first = make_engagement()
    key = first.id
    engagement = row_of(Engagement, Engagement.id == key)[0]
    stages, tasks = (
        row_of(Stage, Stage.engagement_id == key),
        row_of(Task, Task.engagement_id == key),
    )
    for n in range(1, number):
        made = dict(engagement, code=f"W2026-{key}X{n:04}", current_stage_position=1 + n % 9)
        new = db.session.execute(insert(Engagement).values(**made)).inserted_primary_key[0]
        shift = timedelta(days=n % 40 - 10)
        due = clock.today() + shift
        db.session.execute(
            insert(Stage), [dict(one, engagement_id=new, due_on=due) for one in stages]
        )
        db.session.execute(insert(Task), [dict(one, engagement_id=new) for one in tasks])
    db.session.commit()
    return first


def row_of(model, condition) -> list[dict]:
    """Rows as plain dictionaries, without their keys."""
    rows = db.session.execute(select(model.__table__).where(condition)).mappings()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]
