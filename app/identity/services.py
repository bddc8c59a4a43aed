"""What people do with their sign-ins. Each public function is one user action."""

from app import audit, clock
from app.accounts import sessions
from app.accounts.models import User
from app.db import lock
from app.identity.models import SignInSession
from app.policy import Permission, require


def end_session(actor: User, ended: SignInSession) -> None:
    """The person ends one of their sign-ins: its cookie is worth nothing from now on."""
    require(actor, Permission.SESSION_END, ended)
    lock(ended)
    ended.ended_at = ended.ended_at or clock.now()
    audit.record(actor, audit.Event.SESSIONS_ENDED, actor, count=1)


def prove_oneself(actor: User, attempt: sessions.Attempt, limits: sessions.Limits) -> bool:
    """The person gives the password again; a wrong one counts as a failed sign-in.

    The failure that locks the account ends its sessions. The caller keeps the transaction.
    """
    lock(actor)
    if reason := sessions.refusal(actor, attempt):
        sessions.refuse(actor, reason, limits)
        if sessions.is_locked(actor):
            sessions.end_sessions(actor)
        return False
    actor.failed_sign_ins = 0
    audit.record(actor, audit.Event.SIGN_IN_PROVED, actor)
    return True


def note_proof(actor: User) -> None:
    """The single sign-on had the person show just now who they are."""
    audit.record(actor, audit.Event.SIGN_IN_PROVED, actor)
