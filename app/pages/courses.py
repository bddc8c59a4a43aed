"""The course of engagements for the timeline: planned and real days of their stages. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from app import clock, gantt
from app.db import db
from app.engagements.labels import stage_label
from app.engagements.models import Engagement, Stage
from app.gantt import Bar, Track
from app.pages.board import Row


@dataclass(frozen=True)
class Course:
    """The picture, and the same as a table."""

    picture: Markup
    tracks: list[tuple[Row, Track]]


def of(rows: Sequence[Row]) -> Course:
    """The timeline of these rows of the board, in one statement."""
    keys = [row.id for row in rows]
    query = (
        select(
            Stage.engagement_id,
            Stage.code,
            Stage.name,
            Stage.started_at,
            Stage.due_on,
            Stage.approved_at,
            Engagement.starts_on,
        )
        .join(Stage.engagement)
        .where(Stage.engagement_id.in_(keys))
        .order_by(Stage.engagement_id, Stage.position)
    )
    found: dict[int, list[Any]] = {key: [] for key in keys}
    for stage in db.session.execute(query):
        found[stage.engagement_id].append(stage)
    tracks = [Track(row.code, row.name, _bars(found[row.id])) for row in rows]
    picture = gantt.draw(tracks, clock.today())
    return Course(picture, list(zip(rows, tracks, strict=True)))


def _bars(stages: Sequence[Any]) -> list[Bar]:
    """Each stage from its real or planned start to its real end, today, or its due day."""
    bars, today, before = [], clock.today(), None
    for stage in stages:
        planned = before or stage.starts_on
        began = clock.day_of(stage.started_at) if stage.started_at else None
        ended = clock.day_of(stage.approved_at) if stage.approved_at else None
        tone = "done" if ended else "ahead"
        if began and not ended:
            tone = "late" if today > stage.due_on else "now"
        name = str(stage_label(stage.code, stage.name))
        end = ended or (today if began else stage.due_on)
        bars.append(Bar(name, tone, began or max(planned, today), end, stage.due_on))
        before = stage.due_on
    return bars
