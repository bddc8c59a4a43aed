"""Sign-ins that are made up for who sat at a training and could not sign in (补签)."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Forbidden, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.policy import Permission, require
from app.training import attendance
from app.training.granting import grant
from app.training.made_up_models import MadeUpSignIn
from app.training.models import HourRecord, SessionSignIn, TrainingSession

MAKE_UP_DAYS = 15  # the lists on paper are in by then; whoever comes later enters hours with proof


def make_up_sign_in(actor: User, session: TrainingSession, person: User, reason: str) -> HourRecord:
    """Who holds a training signs in afterwards who sat there and could not (补签), and says why.

    Nobody signs themselves in so, and nobody who is not trained there. The person is told.
    """
    lock(session)
    require(actor, Permission.COURSE_EDIT, session.course)
    _may_make_up(actor, session, person)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    sign = SessionSignIn(session_id=session.id, user_id=person.id, signed_at=clock.now())
    db.session.add(MadeUpSignIn(sign_in=sign, made_by_id=actor.id, reason=reason.strip()))
    record = grant(person, session.course, session)
    told = {"title": session.title}
    notifications.send([person.id], Kind.SIGN_IN_MADE_UP, told, "/training-hours")
    facts = {"account": person.id, "reason": reason.strip()}
    audit.record(actor, audit.Event.TRAINING_MADE_UP, session, scope=None, **facts)
    return record


def _may_make_up(actor: User, session: TrainingSession, person: User) -> None:
    if person.id == actor.id or not attendance.belongs(person, session.course):
        raise Forbidden
    if clock.now() < session.starts_at:
        raise Conflict(_("The training has not begun yet"))
    if clock.today() > last_day_to_make_up(session):
        told = _(
            "A sign-in can be made up until %(days)s days after the training", days=MAKE_UP_DAYS
        )
        raise Conflict(told)
    if db.session.get(SessionSignIn, (session.id, person.id)) is not None:
        raise Conflict(_("%(name)s has signed in already", name=person.name))


def last_day_to_make_up(session: TrainingSession) -> date:
    """The last day on which sign-ins at a training are made up."""
    return clock.day_of(session.ends_at) + timedelta(days=MAKE_UP_DAYS)


def may_be_made_up(session: TrainingSession) -> bool:
    """Whether sign-ins at a training may be made up now: it has begun, and not too long ago."""
    return clock.now() >= session.starts_at and clock.today() <= last_day_to_make_up(session)
