"""Questions about second factors, sessions and acts of two people."""

from datetime import datetime

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.db import db
from app.identity.models import (
    DangerousAct,
    RecoveryCode,
    SecondFactor,
    SignInSession,
    SignOnLink,
)
from app.policy import Person, Role
from app.policy.words_of_people import ACTS_ASKED_BY, ACTS_DECIDED_BY


def factor_of(user: User) -> SecondFactor | None:
    """The person's second factor, if they have one."""
    mine = SecondFactor.user_id == user.id, SecondFactor.ended_at.is_(None)
    return db.session.scalar(select(SecondFactor).where(*mine))


def codes_left(factor: SecondFactor) -> int:
    """How many recovery codes nobody used yet."""
    unused = select(func.count()).where(
        RecoveryCode.factor_id == factor.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0


def living_sessions(user: User, since: datetime) -> Select[SignInSession]:
    """The person's sign-ins that can still be used, the newest first."""
    return (
        select(SignInSession)
        .where(SignInSession.user_id == user.id, SignInSession.stamp == user.session_stamp)
        .where(SignInSession.ended_at.is_(None), SignInSession.began_at > since)
        .order_by(SignInSession.id.desc())
    )


def is_new_place(user: User, address: str, device: str) -> bool:
    """Whether the person signed in before, but never from this address or never with this device.

    The very first sign-in is no news.
    """
    mine = select(SignInSession.id).where(SignInSession.user_id == user.id)
    places = (SignInSession.address == address, SignInSession.device == device)
    if db.session.scalar(mine.limit(1)) is None:
        return False
    return any(db.session.scalar(mine.where(place).limit(1)) is None for place in places)


def dangerous_acts(user: Person) -> Select[DangerousAct]:
    """What was asked for of the kinds that are this person's, and what became of it.

    The audit administrator sees all of them; the page orders them.
    """
    both = (*ACTS_ASKED_BY.items(), *ACTS_DECIDED_BY.items())
    kinds = {kind for kind, roles in both if user.role in roles}
    query = select(DangerousAct)
    return query if user.role is Role.AUDIT_ADMIN else query.where(DangerousAct.kind.in_(kinds))


def acts_to_decide(user: Person) -> Select[int]:
    """The acts that wait for this person's confirmation."""
    kinds = {kind for kind, roles in ACTS_DECIDED_BY.items() if user.role in roles}
    return (
        select(DangerousAct.id)
        .where(DangerousAct.kind.in_(kinds), DangerousAct.asker_id != user.id)
        .where(DangerousAct.done_at.is_(None), DangerousAct.refused_at.is_(None))
    )


def link_to(issuer: str, subject: str) -> SignOnLink | None:
    """The link that says whom a subject of the single sign-on means."""
    there = SignOnLink.issuer == issuer, SignOnLink.subject == subject
    return db.session.scalar(select(SignOnLink).where(*there, SignOnLink.ended_at.is_(None)))


def link_of(user: User, issuer: str) -> SignOnLink | None:
    """The living link of an account to this single sign-on."""
    mine = SignOnLink.user_id == user.id, SignOnLink.issuer == issuer
    return db.session.scalar(select(SignOnLink).where(*mine, SignOnLink.ended_at.is_(None)))
