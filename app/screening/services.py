"""Signs are raised by the portal and settled by people; nothing else ever follows by itself."""

import hashlib
import json
from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.screening import queries
from app.screening.looking import GROWTH, Sign
from app.screening.models import MOVES, Flag, FlagRemark, FlagState

LONGEST = 2000


def raise_flags(signs: Sequence[Sign]) -> int:
    """The portal raises what is new among the signs that the screens found; returns how many.

    While a sign waits, the same one isn't raised again; after it was settled it is only where
    its evidence has grown by half.
    """
    fresh = [flag for sign in signs if (flag := _new(sign)) is not None]
    for flag in fresh:
        db.session.add(flag)
        audit.record(audit.PORTAL, audit.Event.FLAG_RAISED, flag, screen=str(flag.screen))
    return len(fresh)


def _new(sign: Sign) -> Flag | None:
    earlier = queries.newest_of(sign.screen, sign.subject)
    known = int(earlier.figures.get("evidence", 0)) if earlier else 0
    if earlier and (earlier.state is FlagState.OPEN or sign.evidence < GROWTH * known):
        return None
    told = json.dumps([sign.subject, sign.evidence], sort_keys=True)
    return Flag(
        screen=sign.screen,
        mark=hashlib.sha256(told.encode()).hexdigest(),
        **sign.subject,
        figures={**sign.figures, "evidence": sign.evidence},
        raised_at=clock.now(),
        state=FlagState.OPEN,
    )


def remark(actor: User, flag: Flag, state: FlagState, words: str) -> FlagRemark:
    """A person who isn't the subject says what a sign is about and gives it its state.

    That changes no star, no mean and no place: what should follow is done where it belongs.
    """
    lock(flag)
    require(actor, Permission.FLAG_REMARK, flag)
    if not words.strip():
        raise Invalid(_("Say it in words"), field="words")
    if len(words) > LONGEST:
        raise Invalid(_("At most 2000 characters"), field="words")
    if state not in MOVES[flag.state]:
        raise Conflict(_("The sign has this state already"))
    said = FlagRemark(state=state, words=words.strip(), remarked_at=clock.now(), author_id=actor.id)
    flag.remarks.append(said)
    flag.state = state
    audit.record(actor, audit.Event.FLAG_REMARKED, flag, state=str(state))
    return said
