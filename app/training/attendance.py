"""Questions about a training's list: who signed in, and who might have and did not."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Organisation, User
from app.db import db
from app.matching import holds
from app.policy import AUDIENCES, OUTSIDE_ROLES, Role
from app.training.made_up_models import MadeUpSignIn
from app.training.models import Course, SessionSignIn, TrainingSession


class Present(NamedTuple):
    """A line of the list; who made it up and why, where the person did not sign in themselves."""

    name: str
    home: str
    at: datetime
    made_by: str | None
    reason: str | None


def present_at(session: TrainingSession) -> Sequence[Present]:
    """Who signed in at a training, in the order of their coming."""
    maker, key = aliased(User), SessionSignIn.user_id
    same = and_(MadeUpSignIn.session_id == SessionSignIn.session_id, MadeUpSignIn.user_id == key)
    query = (
        select(
            User.name,
            Organisation.name,
            SessionSignIn.signed_at,
            maker.name,
            MadeUpSignIn.reason,
        )
        .join(User, key == User.id)
        .join(Organisation, User.organisation_id == Organisation.id)
        .outerjoin(MadeUpSignIn, same)
        .outerjoin(maker, MadeUpSignIn.made_by_id == maker.id)
        .where(SessionSignIn.session_id == session.id)
        .order_by(SessionSignIn.signed_at, User.id)
    )
    return [Present(*row) for row in db.session.execute(query)]


def belongs(person: User, course: Course) -> bool:
    """Whether a person is one of those whom a course trains, whether or not it is in use now."""
    return person.closed_at is None and person.role in _trained(course)


def absent_from(session: TrainingSession, words: str = "") -> Select[User]:
    """Whom a training was for and who has not signed in; whose name or house holds the words."""
    signed = select(SessionSignIn.user_id).where(SessionSignIn.session_id == session.id)
    query = (
        select(User)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(User.closed_at.is_(None), User.role.in_(_trained(session.course)))
        .where(User.id.not_in(signed))
    )
    for word in words.split():
        query = query.where(or_(holds(User.name, word), holds(Organisation.name, word)))
    return query


def _trained(course: Course) -> Collection[Role]:
    """Whom a course trains: who learns at all, of those for whom it is."""
    return OUTSIDE_ROLES & AUDIENCES[course.audience]
