"""Signing in and out: lock-out, the end of sessions, and the events that tell of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts import history, passwords, queries
from app.accounts.models import User
from app.db import db, lock
from app.errors import Invalid

# Whether somebody whose password fits is asked for more: the endpoint that asks; features join.
second_steps: list[Callable[[User], str]] = []
FAILED = _("The sign-in name or the password is wrong, or the account is locked")


@dataclass(frozen=True)
class Limits:
    """After so many failures in a row the account is locked for so many minutes."""

    failures: int
    minutes: int


@dataclass(frozen=True)
class Attempt:
    """A password compared before the transaction: argon2 is slow on purpose, and SQLite has one
    writer, which nobody who guesses shall keep busy."""

    user_id: int | None
    compared_with: str | None
    fits: bool
    repeats: bool = False  # whether the new password is one that the person had


def more_asked(user: User) -> str:
    """The endpoint that asks for more than the password; empty where that is enough."""
    return next(filter(None, (step(user) for step in second_steps)), "")


def compare(login: str, password: str) -> Attempt:
    """Compare a password with the account's; it takes as long where there is no such account."""
    user = queries.user_by_login(login)
    stored = user.password_hash if user else None
    fits = passwords.matches(stored, password)
    return Attempt(user.id if user else None, stored, fits)


def compare_new(user: User, present: str, new: str) -> Attempt:
    """Compare the present password, and the new one with those that the person had."""
    tried = compare(user.login, present)
    again = tried.fits and history.is_among(user, new)
    return Attempt(tried.user_id, tried.compared_with, tried.fits, again)


def sign_in(attempt: Attempt, limits: Limits) -> User | None:
    """Return the person if name and password fit and the account is active and not locked.

    Every attempt is recorded, also one with an unknown name; the caller learns no difference
    between them. The account's row is held while it is judged, so that guesses sent at the same
    time are judged one after the other. The caller keeps the transaction also where the answer
    is None: the count of failures must stay.
    """
    user = db.session.get(User, attempt.user_id) if attempt.user_id is not None else None
    if user is None:
        audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, "user_account:?", reason="unknown")
        return None
    lock(user)
    if reason := refusal(user, attempt):
        refuse(user, reason, limits)
        return None
    if more_asked(user):
        audit.record(user, audit.Event.SIGN_IN_HALF, user)
    else:
        admit(user)
    return user


def admit(user: User) -> None:
    """The person has shown all that is asked: failures are forgotten."""
    user.failed_sign_ins, user.locked_until = 0, None
    audit.record(user, audit.Event.SIGNED_IN, user)


def is_locked(user: User) -> bool:
    """Whether too many failures keep the account shut for now."""
    return user.locked_until is not None and user.locked_until > clock.now()


def refusal(user: User, attempt: Attempt) -> str:
    """Why the person may not come in; nothing where they may."""
    if is_locked(user):
        return "locked"
    if not attempt.fits or attempt.compared_with != user.password_hash:
        return "password"
    return "" if user.is_active else "closed"


def refuse(user: User, reason: str, limits: Limits) -> None:
    """Count a failure, lock at the last one, record it; a locked account counts no further."""
    if reason != "locked":
        user.failed_sign_ins += 1
    if user.failed_sign_ins >= limits.failures:
        user.failed_sign_ins = 0
        user.locked_until = clock.now() + timedelta(minutes=limits.minutes)
    audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, user, reason=reason)


def sign_out(actor: User) -> None:
    """The person leaves: every session of theirs ends, also one whose cookie was copied."""
    end_sessions(actor)
    audit.record(actor, audit.Event.SIGNED_OUT, actor)


def end_sessions(user: User) -> None:
    """Change the stamp that every session of the person carries."""
    user.session_stamp = secrets.token_hex(8)


def change_password(actor: User, attempt: Attempt, new: str, limits: Limits) -> bool:
    """The person sets a new password; every other session of theirs ends.

    False where the present password was wrong. That counts as a failed sign-in, and the failure
    that locks the account ends its sessions too: an unwatched screen is no place to guess. The
    caller keeps the transaction in both cases.
    """
    passwords.check(new, actor.login)
    lock(actor)
    if reason := refusal(actor, attempt):
        refuse(actor, reason, limits)
        if is_locked(actor):
            end_sessions(actor)
        return False
    if attempt.repeats:
        raise Invalid(history.HAD_BEFORE)
    history.keep(actor)
    actor.password_hash, actor.password_set_at = passwords.hash_of(new), clock.now()
    actor.must_change_password, actor.failed_sign_ins = False, 0
    end_sessions(actor)
    audit.record(actor, audit.Event.PASSWORD_CHANGED, actor)
    return True


def choose_language(actor: User, locale: str) -> None:
    """The person chooses the language of their pages."""
    actor.locale = locale
