"""How agencies sign up for lots. Being in the register is no condition; a stranger registers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, procurement
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.agencies.qualification import WORDS, qualifies
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.exchange import queries as consortia
from app.exchange.models import Consortium
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.policy import Permission, require
from app.procurement.clashes import refuse_conflict, refuse_double
from app.procurement.joint_models import JointOffer
from app.procurement.models import Lot, Offer


@dataclass(frozen=True)
class NewOffer:
    """Who would lead and work, and which of the five grounds each of them stated."""

    evaluator: Evaluator
    people: Mapping[str, Sequence[str]]
    consortium: Consortium | None = None

    @property
    def party(self) -> list[int]:
        """The agencies that sign up as one, the leader first."""
        own = self.evaluator.agency_id
        return [own, *sorted((self.consortium.member_ids if self.consortium else set()) - {own})]


def sign_up(actor: User, lot: Lot, new: NewOffer) -> Offer:
    """An agency signs up with a qualified lead evaluator; each person states the five grounds.

    Whoever stated a ground can't take part in this work (政府采购法实施条例第九条).
    """
    lock(lot)
    require(actor, Permission.PROCUREMENT_OFFER, lot)
    if not lot.need.is_taking_offers:
        raise Conflict(_("The time for signing up is over"))
    _check(actor, lot, new)
    if any(offer.agency_id == actor.organisation_id for offer in lot.offers):
        raise Conflict(_("Your agency has signed up for this lot already"))
    offer = _made(actor, lot, new)
    told: dict[str, Any] = {"agency": offer.agency.name, "lot": lot.name}
    told["people"] = len(offer.people)
    audit.record(actor, audit.Event.OFFER_MADE, lot, **told)
    return offer


def withdraw_offer(actor: User, offer: Offer, reason: str) -> None:
    """An agency steps back; after a draw the next one drawn takes its place."""
    lock(offer.lot)
    require(actor, Permission.PROCUREMENT_OFFER_WITHDRAW, offer)
    if offer.withdrawn_at is not None:
        raise Conflict(_("This was taken back already"))
    award = offer.lot.award
    if award is not None and award.agency_id == offer.agency_id:
        raise Conflict(_("The lot was awarded to your agency; tell the bureau in writing"))
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    offer.withdrawn_at, offer.withdraw_reason = clock.now(), reason.strip()
    told = {"agency": offer.agency.name, "lot": offer.lot.name, "reason": offer.withdraw_reason}
    audit.record(actor, audit.Event.OFFER_WITHDRAWN, offer.lot, **told)


def _made(actor: User, lot: Lot, new: NewOffer) -> Offer:
    offer = Offer(
        lot=lot,
        agency=new.evaluator.agency,
        evaluator=new.evaluator,
        people=[name.strip() for name in new.people],
        made_at=clock.now(),
        made_by_id=actor.id,
        joint=_joint(new),
    )
    db.session.add(offer)
    _tell_partners(actor, offer)
    return offer


def _joint(new: NewOffer) -> JointOffer | None:
    """The agreement as it stands now: a later end of it changes no offer."""
    if new.consortium is None:
        return None
    parts = {one.agency_id: one for one in new.consortium.members}
    members = [[key, parts[key].agency.name, parts[key].part] for key in new.party]
    return JointOffer(consortium_id=new.consortium.id, name=new.consortium.name, members=members)


def _tell_partners(actor: User, offer: Offer) -> None:
    """The partners hear for which lot their agreement was named, which is on record."""
    if offer.joint is None:
        return
    told: dict[str, Any] = {"lot": offer.lot.name, "name": offer.joint.name}
    audit.record(actor, audit.Event.OFFER_JOINED, offer.lot, **told)
    heads = consortia.heads_of(set(offer.joint.partner_ids))
    named = {"consortium": offer.joint.name, "lot": offer.lot.name}
    notifications.send(heads, Kind.CONSORTIUM_NAMED, named, f"/procurement-lots/{offer.lot.id}")


def _check_consortium(actor: User, new: NewOffer) -> None:
    in_force = consortia.consortia_in_force(actor.organisation_id)
    if new.consortium is not None and new.consortium not in in_force:
        words = _(
            "Only an agreement that your agency leads and every member agreed to can be named"
        )
        raise Invalid(words, field="consortium")


def _check(actor: User, lot: Lot, new: NewOffer) -> None:
    _check_consortium(actor, new)
    refuse_double(lot, new.party)
    refuse_conflict(lot, new.party)
    for asks in procurement.offer_gates:
        if words := asks(lot, new.evaluator.agency_id):
            raise Conflict(words)
    if new.evaluator.agency_id != actor.organisation_id:
        raise Invalid(_("The lead evaluator doesn't belong to this agency"), field="evaluator")
    if problem := qualifies(new.evaluator, clock.today()):
        raise Invalid(WORDS[problem], field="evaluator")
    if new.evaluator.name not in new.people:
        raise Invalid(_("The lead evaluator states the five grounds too"), field="people")
    for name, grounds in new.people.items():
        if grounds:
            words = _("%(name)s stated a ground and must stand aside; name others", name=name)
            raise Invalid(words, field="people")
