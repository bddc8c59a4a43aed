"""Questions about questions. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.accounts.models import User
from app.clarifications.models import Change, Question
from app.db import db
from app.policy import AGENCY_ROLES
from app.procurement.models import Need


def questions_for(need: Need, user: User) -> Sequence[Question]:
    """What this person reads: agencies what is answered, and what they asked themselves."""
    query = select(Question).where(Question.need_id == need.id).order_by(Question.number)
    found = db.session.scalars(query).all()
    if user.role not in AGENCY_ROLES:
        return found
    own = user.organisation_id
    return [one for one in found if one.answered_at is not None or one.agency_id == own]


def changes_of(need: Need) -> Sequence[Change]:
    """The changes of a notice, in their order."""
    query = select(Change).where(Change.need_id == need.id).order_by(Change.number)
    return db.session.scalars(query).all()


def count_of(need: Need, agency_id: int) -> int:
    """How often an agency has asked about a need."""
    query = select(func.count()).select_from(Question)
    own = query.where(Question.need_id == need.id, Question.agency_id == agency_id)
    return db.session.scalar(own) or 0


def next_question(need: Need) -> int:
    """The number of the next question; the caller holds the need's row."""
    highest = select(func.max(Question.number)).where(Question.need_id == need.id)
    return (db.session.scalar(highest) or 0) + 1


def next_change(need: Need) -> int:
    """The number of the next change; the caller holds the need's row."""
    highest = select(func.max(Change.number)).where(Change.need_id == need.id)
    return (db.session.scalar(highest) or 0) + 1
