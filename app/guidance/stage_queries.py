"""Questions about opinions on stages, and how long both sides take to answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.db import db
from app.engagements.models import Engagement, Stage
from app.guidance.models import GuidanceNote, NoteKind, NoteReply
from app.guidance.stage_models import StageNote, StageNoteReply
from app.indicators.models import Indicator, IndicatorSystem


@dataclass(frozen=True)
class Pace:
    """How many answers of one side there were, their median and longest, in working days."""

    answers: int
    middle: int | None
    longest: int | None
    waiting: int  # opinions that wait for this side now


@dataclass(frozen=True)
class Paces:
    """Both sides: the agency's first answer, and the bureau's word on the last answer."""

    agency: Pace
    bureau: Pace


def notes_of(engagement: Engagement) -> Sequence[StageNote]:
    """The opinions on an engagement's stages, the newest first, in a fixed number of statements."""
    query = (
        select(StageNote)
        .where(StageNote.engagement_id == engagement.id)
        .order_by(StageNote.number.desc())
        .options(
            joinedload(StageNote.stage),
            joinedload(StageNote.author),
            selectinload(StageNote.replies).joinedload(StageNoteReply.author),
        )
    )
    return db.session.scalars(query).all()


def next_number(engagement: Engagement) -> int:
    """The number of the next opinion; the caller holds the engagement's row."""
    highest = select(func.max(StageNote.number)).where(StageNote.engagement_id == engagement.id)
    return (db.session.scalar(highest) or 0) + 1


def gates_stage() -> ColumnElement[bool]:
    """Only 须落实 gates; one that touches a score never presses."""
    return StageNote.settled_at.is_(None) & (StageNote.kind == NoteKind.MUST_RESOLVE)


def open_count(engagement: Engagement) -> int:
    """How many opinions on stages are not settled."""
    query = select(func.count()).where(StageNote.engagement_id == engagement.id)
    return db.session.scalar(query.where(StageNote.settled_at.is_(None))) or 0


def unresolved_of(stage: Stage) -> Sequence[int]:
    """Numbers of the opinions on this stage that must be resolved before it may pass."""
    query = select(StageNote.number).where(StageNote.stage_id == stage.id, gates_stage())
    return db.session.scalars(query.order_by(StageNote.number)).all()


def knows_indicator(engagement: Engagement, code: str) -> bool:
    """Whether the engagement's indicators, of any version, have this code."""
    query = select(Indicator.id).join(IndicatorSystem, Indicator.system_id == IndicatorSystem.id)
    found = query.where(IndicatorSystem.engagement_id == engagement.id, Indicator.code == code)
    return db.session.scalar(found.limit(1)) is not None


def paces_of(engagement: Engagement) -> Paces:
    """How long both sides of one engagement take, over opinions on papers and on stages."""
    return paces(
        [
            *_times(GuidanceNote, NoteReply, engagement),
            *_times(StageNote, StageNoteReply, engagement),
        ]
    )


def _times(note: Any, reply: Any, engagement: Engagement) -> Sequence[Any]:
    query = (
        select(note.issued_at, func.min(reply.sent_at), func.max(reply.sent_at), note.settled_at)
        .outerjoin(reply, reply.note_id == note.id)
        .where(note.engagement_id == engagement.id)
        .group_by(note.id, note.issued_at, note.settled_at)
    )
    return db.session.execute(query).all()


def paces(times: Iterable[Sequence[Any]]) -> Paces:
    """Both sides' pace from (issued, first answer, last answer, settled) of each opinion."""
    answered, decided, silent, undecided = [], [], 0, 0
    for issued, first, last, settled in times:
        if first is not None:
            answered.append(_days(issued, first))
        elif settled is None:
            silent += 1
        if last is not None and settled is not None:
            decided.append(_days(last, settled))
        elif last is not None:
            undecided += 1
    return Paces(_pace(answered, silent), _pace(decided, undecided))


def _days(first: Any, second: Any) -> int:
    return max(0, clock.working_days_between(clock.day_of(first), clock.day_of(second)))


def _pace(days: list[int], waiting: int) -> Pace:
    ordered = sorted(days)
    if not ordered:
        return Pace(0, None, None, waiting)
    return Pace(len(ordered), ordered[(len(ordered) - 1) // 2], ordered[-1], waiting)
