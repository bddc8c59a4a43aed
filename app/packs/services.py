"""What people do with decision packs. Each public function is one action of one person."""

from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict
from app.packs import queries
from app.packs.models import DecisionPack
from app.policy import Permission, require
from app.procurement import choosing
from app.procurement.models import Need
from app.queueing import enqueue

WORK = "decision pack"
OWN_EVENTS = tuple(
    event.label
    for event in (
        audit.Event.DECISION_PACK_ASKED,
        audit.Event.DECISION_PACK_MADE,
        audit.Event.DECISION_PACK_TAKEN,
    )
)


def ask_pack(actor: User, need: Need) -> DecisionPack:
    """The performance section has the pack of a need made, one at a time, in the background.

    Refused while a choice outside the best set lacks its reason, and before anything is decided.
    """
    lock(need)
    require(actor, Permission.PACK_BUILD, need)
    if need.cancelled_at is None and not any(lot.award for lot in need.lots):
        raise Conflict(_("Nothing of this need is decided yet"))
    if lacking := choosing.lacking_reason(need):
        names = str(_(", ")).join(one.award.lot.name for one in lacking[:5])
        raise Conflict(
            _(
                "The choice lies outside the best set and its reason is missing: %(lots)s",
                lots=names,
            )
        )
    if queries.under_way(need) is not None:
        raise Conflict(_("A pack of this need is being made already"))
    pack = DecisionPack(need=need, asked_at=clock.now(), asked_by=actor, lots=len(need.lots))
    db.session.add(pack)
    db.session.flush()
    enqueue(WORK, pack_id=pack.id)
    audit.record(actor, audit.Event.DECISION_PACK_ASKED, need, need=need.code, lots=pack.lots)
    return pack


def vouch(actor: User, pack: DecisionPack, manifest_sha256: str, files: int) -> int:
    """The log takes in the digest of a pack's manifest; returns the number of that entry."""
    require(actor, Permission.PACK_BUILD, pack.need)
    told: dict[str, Any] = {"need": pack.need.code, "files": files}
    told["manifest_sha256"] = manifest_sha256
    return audit.record(actor, audit.Event.DECISION_PACK_MADE, pack.need, **told).id


def record_taken(actor: User, pack: DecisionPack) -> None:
    """Somebody takes a pack away."""
    require(actor, Permission.PACK_READ, pack)
    told = {"need": pack.need.code, "sha256": pack.sha256}
    audit.record(actor, audit.Event.DECISION_PACK_TAKEN, pack.need, **told)
