"""Legal holds: asked for by one person and decided by another, with a reason each time."""

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.custody import queries
from app.custody.models import LegalHold
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, Role, require

DECIDERS = (Role.LEADER, Role.PERFORMANCE_OFFICER, Role.ARCHIVIST)


def ask_hold(actor: User, engagement: Engagement, reason: str) -> LegalHold:
    """Somebody asks that nothing of an engagement may go (审计、诉讼、信访…); another confirms."""
    require(actor, Permission.LEGAL_HOLD_ASK, engagement)
    words = _said(reason)
    lock(engagement)
    if queries.hold_of(engagement) is not None:
        raise Conflict(_("A legal hold of this engagement stands or waits already"))
    hold = LegalHold(
        engagement=engagement, reason=words, asked_by_id=actor.id, asked_at=clock.now()
    )
    db.session.add(hold)
    _tell_deciders(hold, actor)
    audit.record(actor, audit.Event.LEGAL_HOLD_ASKED, engagement, scope=engagement, reason=words)
    return hold


def confirm_hold(actor: User, hold: LegalHold) -> None:
    """Another person agrees: the hold is in force, and the store is told within a minute."""
    require(actor, Permission.LEGAL_HOLD_DECIDE, hold)
    lock(hold)
    if hold.confirmed_at is not None or hold.refused_at is not None:
        raise Conflict
    hold.confirmed_by_id, hold.confirmed_at = actor.id, clock.now()
    _record(actor, audit.Event.LEGAL_HOLD_CONFIRMED, hold, hold.reason)


def refuse_hold(actor: User, hold: LegalHold, reason: str) -> None:
    """Another person does not agree, and says why."""
    require(actor, Permission.LEGAL_HOLD_DECIDE, hold)
    words = _said(reason)
    lock(hold)
    if hold.confirmed_at is not None or hold.refused_at is not None:
        raise Conflict
    hold.refused_by_id, hold.refused_at = actor.id, clock.now()
    _record(actor, audit.Event.LEGAL_HOLD_REFUSED, hold, words)


def ask_release(actor: User, hold: LegalHold, reason: str) -> None:
    """Somebody asks that a hold ends; another decides. The retention of the files goes on."""
    require(actor, Permission.LEGAL_HOLD_ASK, hold)
    words = _said(reason)
    lock(hold)
    if not hold.binds or hold.release_asked_at is not None:
        raise Conflict
    hold.release_reason, hold.release_asked_by_id = words, actor.id
    hold.release_asked_at = clock.now()
    _tell_deciders(hold, actor)
    _record(actor, audit.Event.LEGAL_HOLD_RELEASE_ASKED, hold, words)


def release_hold(actor: User, hold: LegalHold) -> None:
    """Another person agrees that the hold ends."""
    require(actor, Permission.LEGAL_HOLD_DECIDE, hold)
    lock(hold)
    if not hold.binds or hold.release_asked_at is None:
        raise Conflict
    hold.released_by_id, hold.released_at = actor.id, clock.now()
    _record(actor, audit.Event.LEGAL_HOLD_RELEASED, hold, hold.release_reason)


def keep_hold(actor: User, hold: LegalHold, reason: str) -> None:
    """Another person wants the hold to go on, and says why; it can be asked again."""
    require(actor, Permission.LEGAL_HOLD_DECIDE, hold)
    words = _said(reason)
    lock(hold)
    if not hold.binds or hold.release_asked_at is None:
        raise Conflict
    hold.release_asked_by_id = hold.release_asked_at = None
    hold.release_reason = ""
    _record(actor, audit.Event.LEGAL_HOLD_RELEASE_REFUSED, hold, words)


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Give the reason"), "reason")
    return reason.strip()


def _record(actor: User, event: audit.Event, hold: LegalHold, reason: str) -> None:
    audit.record(actor, event, hold.engagement, scope=hold.engagement, reason=reason)


def _tell_deciders(hold: LegalHold, actor: User) -> None:
    engagement = hold.engagement
    told = set(people.holders_of(*DECIDERS)) - {actor.id}
    facts = {"engagement": f"{engagement.code} {engagement.name}"}
    send(told, Kind.LEGAL_HOLD_ASKED, facts, f"/engagements/{engagement.id}/archive")
