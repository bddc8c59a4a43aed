"""Slips of paper that open an account, at first and after a forgotten password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts import history, passwords
from app.accounts.models import User
from app.accounts.sessions import end_sessions
from app.db import db, lock
from app.errors import Invalid
from app.identity import powers
from app.onboarding import codes, queries
from app.onboarding.models import ActivationCode
from app.policy import Permission, require

MOST_AT_ONCE = 200
FAILED = _("Sign-in name and code don't fit, or the slip was used, replaced or has expired")


@dataclass(frozen=True)
class Slip:
    """What is printed for one person; the code stands nowhere else."""

    user: User
    code: str
    expires_at: datetime


def issue_slips(actor: User, users: Sequence[User], days: int) -> list[Slip]:
    """Whoever looks after an account prints its owner a code; an earlier slip ends.

    The password that somebody has stays until the code is used: a slip that lies in a drawer
    locks nobody out.
    """
    if len(users) > MOST_AT_ONCE:
        raise Invalid(_("At most %(n)s slips at once", n=MOST_AT_ONCE))
    for user in users:
        require(actor, Permission.ACCOUNT_RESET, user)
        if user.closed_at is not None:
            raise Invalid(_("This account is closed"))
    now = clock.now()
    for old in db.session.scalars(queries.open_codes_of([user.id for user in users])):
        old.cancelled_at = now
    expires_at = now + timedelta(days=days)
    slips = [Slip(user, codes.make_one(), expires_at) for user in users]
    db.session.add_all(_row(actor, slip, now) for slip in slips)
    for slip in slips:
        powers.tell("access", actor, slip.user)
        told = {"expires_on": clock.day_of(expires_at).isoformat()}
        audit.record(actor, audit.Event.ACTIVATION_ISSUED, slip.user, **told)
    return slips


def _row(actor: User, slip: Slip, now: datetime) -> ActivationCode:
    return ActivationCode(
        user_id=slip.user.id,
        code_sha256=codes.digest_of(slip.code),
        issued_at=now,
        issued_by_id=actor.id,
        expires_at=slip.expires_at,
    )


def repeats(code: str, new: str) -> bool:
    """Whether the owner of a slip had this password before: slow, so asked before use_code."""
    found = queries.code_by_digest(codes.digest_of(code))
    return found is not None and history.is_among(found.user, new)


def use_code(login: str, code: str, new: str, *, is_former: bool) -> User | None:
    """The owner of a slip sets the password; None where name and code open nothing.

    Every way to fail reads the same at the door, and is recorded; the caller keeps the
    transaction then too. A code works once, also where it is sent twice at the same time, and
    it unlocks an account that wrong guesses had locked.
    """
    passwords.check(new, login)
    found = queries.code_by_digest(codes.digest_of(code))
    if found is None or not _opens(found, login):
        subject = "user_account:?" if found is None else found.user
        event = audit.Event.SIGN_IN_REFUSED
        audit.record(audit.VISITOR, event, subject, reason="activation")
        return None
    if is_former:
        raise Invalid(history.HAD_BEFORE)
    _set_password(found.user, new)
    found.used_at = clock.now()
    audit.record(found.user, audit.Event.ACTIVATION_USED, found.user)
    return found.user


def _set_password(user: User, new: str) -> None:
    """The owner's own password from now on: the account is unlocked, every session ends."""
    if user.password_hash != passwords.NONE_YET:
        history.keep(user)
    user.password_hash, user.password_set_at = passwords.hash_of(new), clock.now()
    user.must_change_password, user.failed_sign_ins, user.locked_until = False, 0, None
    end_sessions(user)


def _opens(found: ActivationCode, login: str) -> bool:
    """Whether the slip still opens this person's account; its row is held from here on."""
    lock(found)
    live = found.used_at is None and found.cancelled_at is None
    mine = found.user.login == login.strip().lower()
    return live and mine and found.expires_at > clock.now() and found.user.is_active
