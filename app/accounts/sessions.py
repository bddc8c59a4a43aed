"""Signing in and out: lock-out, time-outs, and the events that tell of them."""

import secrets
from datetime import timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts import passwords, queries
from app.accounts.models import User
from app.errors import Invalid

FAILED = _("The sign-in name or the password is wrong, or the account is locked")


def sign_in(login: str, password: str, *, failures: int, minutes: int) -> User | None:
    """Return the person if name and password fit and the account is active and not locked.

    After so many failures in a row the account is locked for some minutes. Every attempt is
    recorded, also one with an unknown name; the caller learns no difference between them. The
    caller keeps the transaction also where the answer is None: the count of failures must stay.
    """
    user = queries.user_by_login(login)
    fits = passwords.matches(user.password_hash if user else None, password)
    if user is None:
        audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, "user_account:?", reason="unknown")
        return None
    if user.locked_until and user.locked_until > clock.now():
        audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, user, reason="locked")
        return None
    if not fits or not user.is_active:
        _count_failure(user, failures, minutes)
        reason = "password" if user.is_active else "closed"
        audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, user, reason=reason)
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    audit.record(user, audit.Event.SIGNED_IN, user)
    return user


def _count_failure(user: User, failures: int, minutes: int) -> None:
    user.failed_sign_ins += 1
    if user.failed_sign_ins >= failures:
        user.failed_sign_ins = 0
        user.locked_until = clock.now() + timedelta(minutes=minutes)


def sign_out(actor: User) -> None:
    """The person ends this session."""
    audit.record(actor, audit.Event.SIGNED_OUT, actor)


def change_password(actor: User, old: str, new: str) -> None:
    """The person sets a new password; every other session of theirs ends."""
    if not passwords.matches(actor.password_hash, old):
        raise Invalid(_("The present password is wrong"))
    if old == new:
        raise Invalid(_("The new password must differ from the present one"))
    passwords.check(new, actor.login)
    actor.password_hash = passwords.hash_of(new)
    actor.password_set_at = clock.now()
    actor.must_change_password = False
    actor.session_stamp = secrets.token_hex(8)
    audit.record(actor, audit.Event.PASSWORD_CHANGED, actor)


def choose_language(actor: User, locale: str) -> None:
    """The person chooses the language of their pages."""
    actor.locale = locale
