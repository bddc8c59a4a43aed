"""Questions about opinions. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.db import db
from app.engagements.models import Engagement, Stage
from app.guidance.models import GuidanceNote, NoteKind, NoteReply
from app.papers.models import WorkingPaper
from app.papers.queries import readable_engagements
from app.policy import Person


@dataclass(frozen=True)
class NoteCounts:
    """Opinions of one engagement that are not settled, those that gate, and those unanswered."""

    unsettled: int = 0
    must_resolve: int = 0
    unanswered: int = 0


def is_unsettled() -> ColumnElement[bool]:
    """Not settled yet, and on a paper that still counts."""
    return and_(GuidanceNote.settled_at.is_(None), WorkingPaper.withdrawn_at.is_(None))


def is_unanswered() -> ColumnElement[bool]:
    """Not settled, and without any answer."""
    return and_(is_unsettled(), not_(GuidanceNote.replies.any()))


def touches_score() -> ColumnElement[bool]:
    """The kind that a leader and an inspector look for."""
    return GuidanceNote.kind == NoteKind.SCORE


def notes_visible_to(user: Person) -> Select[GuidanceNote]:
    """Exactly the opinions on papers that this person may read (PAPER_READ)."""
    return (
        select(GuidanceNote)
        .join(GuidanceNote.paper)
        .join(GuidanceNote.engagement)
        .where(readable_engagements(user))
        .options(
            contains_eager(GuidanceNote.paper),
            contains_eager(GuidanceNote.engagement),
            joinedload(GuidanceNote.author),
            joinedload(GuidanceNote.version),
            selectinload(GuidanceNote.replies).joinedload(NoteReply.author),
        )
    )


def notes_of(paper: WorkingPaper) -> Sequence[GuidanceNote]:
    """The opinions on a paper by number, with their answers, in a fixed number of statements."""
    return db.session.scalars(
        select(GuidanceNote)
        .where(GuidanceNote.paper_id == paper.id)
        .order_by(GuidanceNote.number)
        .options(
            joinedload(GuidanceNote.version),
            joinedload(GuidanceNote.author),
            joinedload(GuidanceNote.settled_by),
            selectinload(GuidanceNote.replies).joinedload(NoteReply.author),
        )
    ).all()


def next_number(paper: WorkingPaper) -> int:
    """The number of the next opinion on a paper; the caller holds the paper's row."""
    highest = select(func.max(GuidanceNote.number)).where(GuidanceNote.paper_id == paper.id)
    return (db.session.scalar(highest) or 0) + 1


def unresolved_on(paper: WorkingPaper) -> Sequence[int]:
    """Numbers of the opinions that must be resolved before the paper may be approved."""
    return db.session.scalars(
        select(GuidanceNote.number)
        .where(GuidanceNote.paper_id == paper.id, gates_things())
        .order_by(GuidanceNote.number)
    ).all()


def unresolved_in(stage: Stage) -> Sequence[str]:
    """Index numbers of the stage's papers on which such an opinion is open."""
    return db.session.scalars(
        select(WorkingPaper.index_no)
        .join(GuidanceNote, GuidanceNote.paper_id == WorkingPaper.id)
        .where(
            WorkingPaper.stage_id == stage.id, WorkingPaper.withdrawn_at.is_(None), gates_things()
        )
        .group_by(WorkingPaper.index_no)
        .order_by(WorkingPaper.index_no)
    ).all()


def gates_things() -> ColumnElement[bool]:
    """Only 须落实 gates: a suggestion is free, and one that touches a score never presses."""
    return and_(GuidanceNote.settled_at.is_(None), GuidanceNote.kind == NoteKind.MUST_RESOLVE)


def note_counts(engagement_ids: Collection[int]) -> dict[int, NoteCounts]:
    """Open opinions of many engagements, in one statement; each asked id has an answer."""
    counted = {key: NoteCounts() for key in engagement_ids}
    if not counted:
        return counted
    must = case((GuidanceNote.kind == NoteKind.MUST_RESOLVE, 1), else_=0)
    silent = case((not_(GuidanceNote.replies.any()), 1), else_=0)
    rows = db.session.execute(
        select(GuidanceNote.engagement_id, func.count(), func.sum(must), func.sum(silent))
        .join(GuidanceNote.paper)
        .where(GuidanceNote.engagement_id.in_(counted), is_unsettled())
        .group_by(GuidanceNote.engagement_id)
    )
    return counted | {key: NoteCounts(*numbers) for key, *numbers in rows}


def recent_notes_of(engagement: Engagement, limit: int = 5) -> Sequence[GuidanceNote]:
    """The newest open opinions of an engagement."""
    return db.session.scalars(
        select(GuidanceNote)
        .join(GuidanceNote.paper)
        .where(GuidanceNote.engagement_id == engagement.id, is_unsettled())
        .order_by(GuidanceNote.id.desc())
        .limit(limit)
        .options(contains_eager(GuidanceNote.paper), joinedload(GuidanceNote.author))
    ).all()
