"""Questions about personal data. Nothing here changes anything."""

from datetime import datetime

from sqlalchemy import Select, select

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.db import db
from app.notifications.models import MessageChoice
from app.notifications.outbox import has_address
from app.personal.models import CorrectionRequest, PersonalData
from app.policy import OUTSIDE_ROLES, Permission, Person, Role, can


def data_of(user: Person) -> PersonalData | None:
    """What this person told about themselves."""
    return db.session.get(PersonalData, user.id)


def own_requests(user: Person) -> Select[CorrectionRequest]:
    """What this person asked to have corrected, the newest first."""
    query = select(CorrectionRequest).where(CorrectionRequest.user_id == user.id)
    return query.order_by(CorrectionRequest.id.desc())


def requests_to_answer(user: Person) -> Select[CorrectionRequest]:
    """What waits for this person's answer: exactly what the policy lets them decide."""
    query = select(CorrectionRequest).join(CorrectionRequest.user)
    query = query.where(CorrectionRequest.answered_at.is_(None))
    if not can(user, Permission.CORRECTION_LIST, None):
        return query.where(CorrectionRequest.id < 0)
    if user.role is Role.PERFORMANCE_OFFICER:
        return query.where(User.role.in_(OUTSIDE_ROLES))
    return query.where(CorrectionRequest.user_id != user.id)


def own_events(user: Person, most: int = 5000) -> list[tuple[datetime, str, str]]:
    """What the log holds as done by this person: when, what, and about which record."""
    query = select(AuditEvent.at, AuditEvent.event, AuditEvent.subject)
    query = query.where(AuditEvent.actor_id == user.id).order_by(AuditEvent.id.desc()).limit(most)
    return [(at, event, subject) for at, event, subject in db.session.execute(query)]


def expired(before: datetime) -> Select[PersonalData]:
    """Data of people whose accounts ended before that moment."""
    return (
        select(PersonalData)
        .join(User, User.id == PersonalData.user_id)
        .where(User.closed_at < before, PersonalData.erased_at.is_(None))
    )


def expired_choices(before: datetime) -> Select[MessageChoice]:
    """Addresses of mails of people whose accounts ended before that moment."""
    ended = select(User.id).where(User.closed_at < before)
    return select(MessageChoice).where(MessageChoice.user_id.in_(ended), has_address())
