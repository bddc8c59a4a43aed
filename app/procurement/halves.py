"""The halves of a need's key on paper: the same form shows its slip again; a lost one is replaced.

A slip's secret travels in the form that asks for it and is kept nowhere here: sent twice, the form
shows the same slip twice.
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import sealing
from app.procurement.bid_models import SealHalf
from app.procurement.draws import secret_of, with_check
from app.procurement.models import Need


def fresh_slip() -> str:
    """A slip that nobody has yet: a new private half as it is written on paper."""
    return with_check(sealing.new_half()[0])


def half_on(need: Need, slip: str | None, holder: User) -> SealHalf | None:
    """The holder's half that this slip opens; None where it opens none, or is no slip."""
    half = _half_of(need, holder)
    try:
        public = sealing.public_of(secret_of(slip or ""))
    except Invalid:
        return None
    return half if half is not None and half.public == public else None


def replace_half(actor: User, need: Need, slip: str, reason: str) -> SealHalf:
    """Whoever lost a slip makes the half anew, on record, before the need is announced.

    Afterwards bids may be sealed to it: then nothing replaces it.
    """
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    half, public = _half_of(need, actor), sealing.public_of(secret_of(slip))
    if half is None or need.announced_at is not None or need.cancelled_at is not None:
        raise Conflict(_("A half of your own is made anew before the announcement"))
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="words")
    if half.public == public:
        raise Conflict(_("This is the slip of your half already"))
    before, half.public = half.public[:16], public
    half.made_at = clock.now()
    told = {"need": need.code, "before": before, "key": half.public[:16], "reason": reason.strip()}
    audit.record(actor, audit.Event.SEAL_HALF_REPLACED, need, half=half.number, **told)
    return half


def _half_of(need: Need, holder: User) -> SealHalf | None:
    query = select(SealHalf).where(SealHalf.need_id == need.id, SealHalf.officer_id == holder.id)
    return db.session.scalar(query)
