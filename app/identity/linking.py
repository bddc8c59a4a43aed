"""Whom the single sign-on means: accounts are linked by an administrator, never by themselves."""

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts import sessions
from app.accounts.models import User
from app.db import db, lock
from app.errors import Invalid
from app.identity import powers, queries
from app.identity.models import SignOnLink
from app.identity.single import Somebody
from app.policy import Permission, require

LONGEST = 255  # of a subject, by the standard


def link_account(actor: User, user: User, issuer: str, subject: str) -> SignOnLink:
    """The security administrator says which subject of the issuer this account's person is."""
    require(actor, Permission.SINGLE_SIGN_ON_LINK, user)
    subject = subject.strip()
    if not subject or len(subject) > LONGEST or not subject.isascii():
        raise Invalid(_("Enter the identifier as the single sign-on has it"), field="subject")
    link = SignOnLink(
        user_id=user.id, issuer=issuer, subject=subject, linked_at=clock.now(),
        linked_by_id=actor.id,
    )  # fmt: skip
    db.session.add(link)
    powers.tell("access", actor, user)
    audit.record(actor, audit.Event.SIGN_ON_LINKED, user, issuer=issuer)
    return link


def end_link(actor: User, link: SignOnLink) -> None:
    """The security administrator ends a link: the subject opens nothing, its sessions end."""
    require(actor, Permission.SINGLE_SIGN_ON_LINK, link.user)
    lock(link)
    link.ended_at, link.ended_by_id = link.ended_at or clock.now(), link.ended_by_id or actor.id
    sessions.end_sessions(link.user)
    audit.record(actor, audit.Event.SIGN_ON_UNLINKED, link.user, issuer=link.issuer)


def come_in(somebody: Somebody, limits: sessions.Limits) -> User | None:
    """The account of whom the issuer vouches for, if it may come in; every attempt is recorded.

    A second factor of ours is asked all the same. The caller keeps the transaction.
    """
    link = queries.link_to(somebody.issuer, somebody.subject)
    if link is None:
        event = audit.Event.SIGN_IN_REFUSED
        audit.record(audit.VISITOR, event, "user_account:?", reason="unlinked")
        return None
    user = link.user
    lock(user)
    if sessions.is_locked(user) or not user.is_active:
        sessions.refuse(user, "locked" if sessions.is_locked(user) else "closed", limits)
        return None
    audit.record(user, audit.Event.SIGN_ON_USED, user, issuer=somebody.issuer)
    if sessions.more_asked(user):
        audit.record(user, audit.Event.SIGN_IN_HALF, user)
    else:
        sessions.admit(user)
    return user
