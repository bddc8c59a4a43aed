"""Who was there, how they did, what is paid. Each public function is one user action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.expert_reviews.models import ExpertReview, ExpertSeat
from app.experts import duty_queries as queries
from app.experts.duty_models import Attendance, ExpertMark, FeeNote, FeeStandard
from app.experts.fees import fee
from app.experts.models import Rank
from app.policy import Permission, require

MOST_HALF_DAYS = 60
EDIT = Permission.EXPERT_POOL_EDIT


@dataclass(frozen=True)
class Mark:
    """How an expert did their work, of five each."""

    knowledge: int
    fairness: int
    diligence: int
    words: str


@dataclass(frozen=True)
class NewStandard:
    """A standard of fees by its document."""

    document_no: str
    title: str
    starts_on: date
    senior_fen: int
    associate_fen: int
    other_fen: int
    steps: Sequence[Sequence[int]]


def note_attendance(actor: User, review: ExpertReview, half_days: Mapping[int, int]) -> None:
    """Note how many half days each seat was there; who stands aside wasn't."""
    require(actor, EDIT, None)
    lock(review)
    if queries.note_in_force(review.id) is not None:
        raise Conflict(_("The fee note is issued; void it first"))
    kept = queries.attendance_of(review.id)
    for seat in review.seats:
        count = 0 if seat.is_recused else half_days.get(seat.id, 0)
        if not 0 <= count <= MOST_HALF_DAYS:
            raise Invalid(_("From 0 to %(n)s half days", n=MOST_HALF_DAYS))
        row = kept.get(seat.id) or Attendance(seat_id=seat.id)
        row.half_days, row.noted_at, row.noted_by_id = count, clock.now(), actor.id
        db.session.add(row)
        kept[seat.id] = row
    told = {"review": review.number, "present": sum(one.half_days > 0 for one in kept.values())}
    _record(actor, audit.Event.ATTENDANCE_NOTED, review, **told)


def mark_expert(actor: User, seat: ExpertSeat, mark: Mark) -> None:
    """After each use the section says once how an expert who was there did the work.

    The marks are for the section's eyes: every draw weighs everybody the same.
    """
    require(actor, EDIT, None)
    lock(seat)
    there = queries.attendance_of(seat.review_id).get(seat.id)
    if there is None or not there.half_days:
        raise Invalid(_("Only who was there is judged; note the attendance first"))
    if queries.mark_of(seat.id) is not None:
        raise Conflict(_("This use was judged already"))
    if not all(1 <= part <= 5 for part in (mark.knowledge, mark.fairness, mark.diligence)):
        raise Invalid(_("One to five each"))
    made: dict[str, Any] = {"made_at": clock.now(), "made_by_id": actor.id}
    parts = {**vars(mark), "words": mark.words.strip()}
    db.session.add(ExpertMark(seat_id=seat.id, **parts, **made))
    told = {"review": seat.review.number, "seat": seat.number}
    _record(actor, audit.Event.EXPERT_MARKED, seat.review, **told)


def enter_standard(actor: User, new: NewStandard) -> FeeStandard:
    """Enter what half a day is paid by a numbered document; the newest in force on a day holds."""
    require(actor, EDIT, None)
    if not new.document_no.strip() or not new.title.strip():
        raise Invalid(_("Enter the number and the title of the document"), field="document_no")
    steps = [list(step) for step in new.steps]
    made: dict[str, Any] = {"entered_at": clock.now(), "entered_by_id": actor.id}
    facts = {**vars(new), "steps": steps, "document_no": new.document_no.strip()}
    standard = FeeStandard(**facts, **made)
    db.session.add(standard)
    number = standard.document_no
    audit.record(actor, audit.Event.FEE_STANDARD_ENTERED, standard, document_no=number)
    return standard


def issue_fee_note(actor: User, review: ExpertReview) -> FeeNote:
    """What is paid for a review follows from attendance, ranks and the standard of its day."""
    require(actor, EDIT, None)
    lock(review)
    if queries.note_in_force(review.id) is not None:
        raise Conflict(_("The fee note is issued already"))
    standard = queries.standard_on(review.held_on)
    if standard is None:
        raise Invalid(_("No standard of fees was in force on %(day)s", day=review.held_on))
    note = _note_of(review, standard)
    note.issued_at, note.issued_by = clock.now(), actor
    db.session.add(note)
    facts: dict[str, Any] = {"total_fen": note.total_fen, "document_no": standard.document_no}
    _record(actor, audit.Event.FEE_NOTE_ISSUED, review, review=review.number, **facts)
    return note


def void_fee_note(actor: User, note: FeeNote, reason: str) -> None:
    """A note was wrong: it stays, void, with the reason; another may be issued."""
    require(actor, EDIT, None)
    lock(note)
    if note.voided_at is not None:
        raise Conflict(_("This fee note is void already"))
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    note.voided_at, note.void_reason = clock.now(), reason.strip()
    told = {"review": note.review.number, "reason": note.void_reason}
    _record(actor, audit.Event.FEE_NOTE_VOIDED, note.review, **told)


def note_export(actor: User, note: FeeNote) -> None:
    """Somebody takes the workbook of a fee note away."""
    require(actor, Permission.EXPERT_POOL_READ, None)
    _record(actor, audit.Event.FEE_NOTE_EXPORTED, note.review, review=note.review.number)


def _note_of(review: ExpertReview, standard: FeeStandard) -> FeeNote:
    lines = _lines(review, standard)
    if not lines:
        raise Invalid(_("Nobody is noted as having been there"))
    total = sum(line["fen"] for line in lines)
    return FeeNote(review=review, standard=standard, lines=lines, total_fen=total, void_reason="")


def _lines(review: ExpertReview, standard: FeeStandard) -> list[dict[str, Any]]:
    there, ranks = queries.attendance_of(review.id), queries.ranks_of(review.expert_ids)
    found = []
    for seat in review.seats:
        half_days = there[seat.id].half_days if seat.id in there else 0
        if not half_days:
            continue
        rank = ranks.get(seat.expert_id, Rank.OTHER)
        fen = fee(standard.rate_of(rank), half_days, standard.steps)
        line = {"name": seat.expert.name, "rank": str(rank), "half_days": half_days, "fen": fen}
        found.append(line | {"expert_id": seat.expert_id})
    return found


def _record(actor: User, event: audit.Event, about: ExpertReview, **facts: object) -> None:
    """In no scope: agencies and units read an engagement's time line."""
    told: dict[str, Any] = facts
    audit.record(actor, event, about, **told)
