"""The evidence of a choice, kept when the award is made; the reason outside the best set; approval.

The ranking is evidence, never a gate: nothing here refuses an award. Where the buyer itself
chooses, whoever stands outside the best set is chosen with a reason on record.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock, procurement
from app.accounts.models import User
from app.db import db, lock
from app.decisions.best import Sorted, Wish
from app.decisions.queries import reading_in_force, sorted_out
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import considering
from app.procurement.choice_models import AwardChoice
from app.procurement.clashes import case_of
from app.procurement.methods import Method
from app.procurement.models import Award, Lot, Need
from app.rankings.reading import Reading

# Where the buyer itself chooses, and the law lets it weigh what it knows of those it chooses from.
BUYERS_CHOICE = frozenset({Method.DIRECT, Method.FRAMEWORK_DIRECT})


def best_set_for(lot: Lot) -> tuple[Reading | None, Sorted]:
    """Those who may be chosen, divided by the ranking in force and what forbids this lot's work."""
    reading, field = reading_in_force(), lot.need.template.service_type_id
    only = next((found for pool in procurement.pools if (found := pool(lot)) is not None), None)
    return reading, sorted_out(reading, case_of(lot), Wish(), field, only=only)


def keep(actor: User, award: Award, reason: str = "") -> AwardChoice:
    """Keep who was considered for an award and what was known, with the reason if there is one."""
    require(actor, Permission.PROCUREMENT_AWARD, award)
    choice = _evidence(award)
    choice.award = award
    if choice.is_outside and reason.strip():
        _reasoned(actor, choice, reason.strip())
    db.session.add(choice)
    told = {"lot": award.lot.name, "agency": award.agency.name, "standing": choice.standing}
    more: dict[str, Any] = {"ranking": choice.snapshot_code, "reason": choice.reason}
    considered = len(choice.considered)
    audit.record(actor, audit.Event.CHOICE_KEPT, award, considered=considered, **told, **more)
    return choice


def give_reason(actor: User, award: Award, words: str) -> None:
    """Say afterwards why somebody outside the best set was chosen; said once, it stays."""
    lock(award)
    require(actor, Permission.PROCUREMENT_AWARD, award)
    choice = choice_of(award)
    if choice is None or not choice.lacks_reason:
        raise Conflict(_("This choice needs no reason, or its reason is on record"))
    if not words.strip():
        raise Invalid(_("Enter the reason"), field="words")
    _reasoned(actor, choice, words.strip())
    told = {"lot": award.lot.name, "agency": award.agency.name, "reason": choice.reason}
    audit.record(actor, audit.Event.CHOICE_REASONED, award, **told)


def approve(actor: User, need: Need) -> int:
    """The leader approves every award of a need that stands and waits; says how many those were.

    Nobody approves an award of their own.
    """
    lock(need)
    require(actor, Permission.PROCUREMENT_APPROVE, need)
    waiting = awaiting_approval(need)
    if not waiting:
        raise Conflict(_("No award of this need waits for approval"))
    if any(one.award.made_by_id == actor.id for one in waiting):
        raise Conflict(_("Nobody approves an award of their own"))
    for choice in waiting:
        choice.approved_at, choice.approved_by_id = clock.now(), actor.id
    told: dict[str, Any] = {"need": need.code, "lots": [one.award.lot.name for one in waiting]}
    audit.record(actor, audit.Event.AWARDS_APPROVED, need, **told)
    return len(waiting)


def choice_of(award: Award) -> AwardChoice | None:
    """The evidence of an award; older ones have none."""
    return db.session.scalar(select(AwardChoice).where(AwardChoice.award_id == award.id))


def choices_of(need: Need) -> Sequence[AwardChoice]:
    """The evidence of the awards that stand, in the order of the lots."""
    query = select(AwardChoice).join(AwardChoice.award).join(Award.lot)
    query = query.where(Lot.need_id == need.id, Award.withdrawn_at.is_(None))
    named = joinedload(AwardChoice.award).joinedload(Award.agency)
    people = joinedload(AwardChoice.approved_by)
    return db.session.scalars(query.options(named, people).order_by(Lot.number)).all()


def awaiting_approval(need: Need) -> list[AwardChoice]:
    """The standing awards of a need that nobody has approved."""
    return [one for one in choices_of(need) if one.approved_at is None]


def lacking_reason(need: Need) -> list[AwardChoice]:
    """The standing awards outside the best set for which nobody has given a reason."""
    return [one for one in choices_of(need) if one.lacks_reason]


def _reasoned(actor: User, choice: AwardChoice, words: str) -> None:
    choice.reason, choice.reasoned_at, choice.reasoned_by_id = words, clock.now(), actor.id


def _evidence(award: Award) -> AwardChoice:
    lot = award.lot
    if lot.need.method not in BUYERS_CHOICE:
        code, digest = considering.ranking_of(lot)
        told = considering.bidders(lot, award)
        return AwardChoice(
            standing="unweighed", snapshot_code=code, result_digest=digest, considered=told
        )
    reading, found = best_set_for(lot)
    rows = considering.directory(found)
    standing = "no_ranking"
    if reading is not None and found.best:
        groups = {row["agency"]: row["group"] for row in rows}
        standing = groups.get(award.agency_id, "unranked")
    snapshot = reading.snapshot if reading is not None else None
    return AwardChoice(
        standing=standing,
        snapshot_code=snapshot.code if snapshot else "",
        result_digest=snapshot.result_digest if snapshot else "",
        considered=rows,
    )
