"""Second factors: added and ended by their owner, who alone sees the secret, once."""

import secrets

from cryptography.exceptions import InvalidTag
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.identity import powers, queries, sealing, totp
from app.identity.models import RecoveryCode, SecondFactor
from app.policy import Permission, require

CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # 31: none that is read as another
WRONG = _("This code is wrong or was used already. Wait for the next one and type that")


def add_factor(actor: User, secret: str, code: str) -> list[str]:
    """The person proves that the authenticator works; return the recovery codes, shown once."""
    lock(actor)
    if queries.factor_of(actor) is not None:
        raise Conflict(_("You have a second factor already"))
    step = totp.step_of(secret, code, clock.now()) if secret else None
    if step is None:
        raise Invalid(WRONG)
    factor = SecondFactor(
        user_id=actor.id,
        sealed_secret=sealing.seal(secret, actor.id),
        last_step=step,
        confirmed_at=clock.now(),
    )
    db.session.add(factor)
    db.session.flush()
    codes = _give_codes(factor)
    audit.record(actor, audit.Event.SECOND_FACTOR_ADDED, actor)
    return codes


def _give_codes(factor: SecondFactor) -> list[str]:
    """Ten codes of 79 random bits each, grouped to be typed."""
    codes = ["".join(secrets.choice(LETTERS) for _n in range(16)) for _m in range(CODES)]
    rows = [RecoveryCode(factor_id=factor.id, code_hash=sealing.hash_of(one)) for one in codes]
    db.session.add_all(rows)
    return ["-".join(one[n : n + 4] for n in range(0, 16, 4)) for one in codes]


def renew_codes(actor: User) -> list[str]:
    """New recovery codes; the earlier ones open nothing any more."""
    factor = _own(actor)
    lock(factor)
    for row in db.session.scalars(_unused(factor)):
        row.used_at = clock.now()
    codes = _give_codes(factor)
    audit.record(actor, audit.Event.RECOVERY_CODES_MADE, actor)
    return codes


def end_factor(actor: User) -> None:
    """The person gives up the second factor."""
    _end(_own(actor))
    audit.record(actor, audit.Event.SECOND_FACTOR_ENDED, actor)


def end_factor_of(actor: User, user: User) -> None:
    """Who may reset a password may also end the factor of somebody who lost the telephone."""
    require(actor, Permission.ACCOUNT_RESET, user)
    _end(_own(user))
    powers.tell("access", actor, user)
    audit.record(actor, audit.Event.SECOND_FACTOR_ENDED, user)


def _own(user: User) -> SecondFactor:
    factor = queries.factor_of(user)
    if factor is None:
        raise Conflict(_("There is no second factor"))
    return factor


def _end(factor: SecondFactor) -> None:
    lock(factor)
    factor.ended_at = factor.ended_at or clock.now()


def _unused(factor: SecondFactor) -> Select[RecoveryCode]:
    return select(RecoveryCode).where(
        RecoveryCode.factor_id == factor.id, RecoveryCode.used_at.is_(None)
    )


def opens(user: User, code: str) -> bool:
    """Whether this code is the person's now; it is used up by being asked for."""
    factor = _own(user)
    lock(factor)
    step = totp.step_of(sealing.unseal(factor.sealed_secret, user.id), code, clock.now())
    if step is not None:
        is_fresh, factor.last_step = step > factor.last_step, max(step, factor.last_step)
        return is_fresh
    hashed = RecoveryCode.code_hash.in_(sealing.hashes_of(code))
    found = db.session.scalar(_unused(factor).where(hashed))
    if found is None:
        return False
    found.used_at = clock.now()
    db.session.flush()
    left = queries.codes_left(factor)
    audit.record(user, audit.Event.RECOVERY_CODE_USED, user, left=left)
    return True


def seal_again() -> int:
    """Seal with today's SECRET_KEY what the former one sealed; how many secrets it took."""
    if not current_app.config["SECRET_KEY_OLD"]:
        return 0
    count = 0
    for factor in db.session.scalars(select(SecondFactor).where(SecondFactor.ended_at.is_(None))):
        if not sealing.is_of_now(factor.sealed_secret, factor.user_id):
            count += _seal_again(factor)
    return count


def _seal_again(factor: SecondFactor) -> bool:
    """Whether its secret opened; one of a third key is left as it is, and holds up no other."""
    try:
        plain = sealing.unseal(factor.sealed_secret, factor.user_id)
    except InvalidTag:
        return False
    factor.sealed_secret = sealing.seal(plain, factor.user_id)
    return True
