"""Questions about what follows an expert's seat. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.expert_reviews.models import ExpertOpinion, ExpertReview, ExpertSeat
from app.experts.duty_models import Attendance, ExpertMark, FeeNote, FeeStandard
from app.experts.models import Expert, Rank
from app.policy import Person


@dataclass(frozen=True)
class Use:
    """One seat of an expert with what followed it."""

    seat: ExpertSeat
    half_days: int | None
    opinions: int
    mark: ExpertMark | None


@dataclass(frozen=True)
class Paid:
    """What one use of an expert brought: the line of the note in force, and its standard."""

    id: int  # of the seat
    seat: ExpertSeat
    half_days: int
    note: FeeNote | None

    @property
    def line(self) -> dict[str, Any] | None:
        """The expert's own line, nobody else's."""
        return self.note.line_of(self.seat.expert) if self.note else None


def paid_to(
    user: Person, before: int | None = None, after: int | None = None, most: int = 30
) -> list[Paid]:
    """The meetings where this expert was, with what the fee note in force says of them alone.

    Only those before a seat, the newest first; or those after one, the nearest first.
    """
    in_force = and_(FeeNote.review_id == ExpertSeat.review_id, FeeNote.voided_at.is_(None))
    query = (
        select(ExpertSeat, Attendance.half_days, FeeNote)
        .join(Attendance, Attendance.seat_id == ExpertSeat.id)
        .outerjoin(FeeNote, in_force)
        .where(ExpertSeat.expert_id == user.id, Attendance.half_days > 0)
        .options(
            joinedload(ExpertSeat.review).joinedload(ExpertReview.engagement),
            joinedload(ExpertSeat.expert),
            joinedload(FeeNote.standard),
        )
        .limit(most)
    )
    if after is not None:
        query = query.where(ExpertSeat.id > after).order_by(ExpertSeat.id)
    else:
        query = query.where(ExpertSeat.id < before) if before is not None else query
        query = query.order_by(ExpertSeat.id.desc())
    return [Paid(seat.id, seat, days, note) for seat, days, note in db.session.execute(query)]


def attendance_of(review_id: int) -> dict[int, Attendance]:
    """Who was there, by seat."""
    query = select(Attendance).join(Attendance.seat).where(ExpertSeat.review_id == review_id)
    return {one.seat_id: one for one in db.session.scalars(query)}


def mark_of(seat_id: int) -> ExpertMark | None:
    """How the expert of a seat was judged, if they were."""
    return db.session.get(ExpertMark, seat_id)


def marks_of_review(review_id: int) -> dict[int, ExpertMark]:
    """How the experts of a review were judged, by seat."""
    query = select(ExpertMark).join(ExpertMark.seat).where(ExpertSeat.review_id == review_id)
    return {one.seat_id: one for one in db.session.scalars(query)}


def opinions_of_review(review_id: int) -> dict[int, int]:
    """How many opinions each seat gave."""
    query = select(ExpertOpinion.seat_id, func.count()).group_by(ExpertOpinion.seat_id)
    return dict(db.session.execute(query.where(ExpertOpinion.review_id == review_id)).all())


def note_in_force(review_id: int) -> FeeNote | None:
    """The fee note of a review that isn't void."""
    query = select(FeeNote).where(FeeNote.review_id == review_id, FeeNote.voided_at.is_(None))
    return db.session.scalar(query)


def notes_of(review_id: int) -> Sequence[FeeNote]:
    """All fee notes of a review, the newest first."""
    query = select(FeeNote).where(FeeNote.review_id == review_id)
    query = query.options(joinedload(FeeNote.standard), joinedload(FeeNote.issued_by))
    return db.session.scalars(query.order_by(FeeNote.id.desc())).all()


def standards() -> Select[FeeStandard]:
    """Every standard that was entered; the caller orders and pages them."""
    return select(FeeStandard)


def standard_on(day: date) -> FeeStandard | None:
    """The standard in force on a day: the newest that had begun."""
    query = select(FeeStandard).where(FeeStandard.starts_on <= day, FeeStandard.voided_at.is_(None))
    newest = query.order_by(FeeStandard.starts_on.desc(), FeeStandard.id.desc())
    return db.session.scalar(newest.limit(1))


def ranks_of(user_ids: Collection[int]) -> Mapping[int, Rank]:
    """The ranks of those who stand in the pool."""
    query = select(Expert.user_id, Expert.rank).where(Expert.user_id.in_(user_ids))
    return dict(db.session.execute(query).all())


def means_of(user_ids: Collection[int]) -> dict[int, tuple[float, int]]:
    """The mean of an expert's marks with how many uses it comes from; who has none is left out."""
    total = ExpertMark.knowledge + ExpertMark.fairness + ExpertMark.diligence
    query = (
        select(ExpertSeat.expert_id, func.avg(total), func.count())
        .join(ExpertMark, ExpertMark.seat_id == ExpertSeat.id)
        .where(ExpertSeat.expert_id.in_(user_ids))
        .group_by(ExpertSeat.expert_id)
    )
    return {key: (float(mean) / 3, count) for key, mean, count in db.session.execute(query)}


def uses_of(user_id: int) -> list[Use]:
    """The newest fifty seats of an expert, with attendance, opinions and mark."""
    counted = (
        select(ExpertOpinion.seat_id, func.count().label("count"))
        .group_by(ExpertOpinion.seat_id)
        .subquery()
    )
    query = (
        select(ExpertSeat, Attendance.half_days, func.coalesce(counted.c.count, 0), ExpertMark)
        .outerjoin(Attendance, Attendance.seat_id == ExpertSeat.id)
        .outerjoin(counted, counted.c.seat_id == ExpertSeat.id)
        .outerjoin(ExpertMark, ExpertMark.seat_id == ExpertSeat.id)
        .where(ExpertSeat.expert_id == user_id)
        .options(joinedload(ExpertSeat.review).joinedload(ExpertReview.engagement))
        .order_by(ExpertSeat.id.desc())
        .limit(50)
    )
    return [Use(*row) for row in db.session.execute(query)]
