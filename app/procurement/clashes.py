"""Who may not sign up for a lot, or be awarded it: prohibitions that nobody overrides."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _

from app import clock
from app.conflicts import labels
from app.conflicts.queries import findings, findings_between
from app.conflicts.rules import Case
from app.errors import Conflict, Invalid
from app.procurement.joint_models import JointOffer
from app.procurement.models import Award, Lot, Offer
from app.procurement.queries import standing_offers


def case_of(lot: Lot) -> Case:
    """What the lot is about: its client, evaluated units and projects, today."""
    units = frozenset(task.unit_id for task in lot.tasks if task.unit_id is not None)
    projects = frozenset(task.project for task in lot.tasks)
    return Case(clock.today(), units, lot.need.client_id, projects)


def refuse_conflict(lot: Lot, party: Collection[int]) -> None:
    """Whoever served, owns or is owned by the parties stays out; nor two under one head or holding.

    `party` are the agencies that sign up as one: a single one, or all of a consortium. Of two
    under one head or holding, the party that signed up first stands.
    """
    apart = findings(case_of(lot), party)
    found = [one for key in party for one in apart.get(key, ()) if one.is_barred]
    if others := _others(lot, party):
        today = clock.today()
        own = findings_between(party, today) if len(party) > 1 else {}  # they sign up as one
        between = findings_between({*others, *party}, today)
        found += [
            one for key in party for one in between.get(key, ())
            if one.is_barred_together and one not in own.get(key, ())
        ]  # fmt: skip
    if found:
        raise Invalid(labels.refusal_of(found[0]), field="evaluator")


def members_of(offer: Offer) -> set[int]:
    """The agency that signed up, and those that signed up with it."""
    return {offer.agency_id, *(offer.joint.partner_ids if offer.joint else ())}


def party_of(lot: Lot, agency_id: int) -> Collection[int]:
    """The agency and those that signed up with it."""
    offer = _offer_of(lot, agency_id)
    return members_of(offer) if offer else {agency_id}


def joint_of(award: Award) -> JointOffer | None:
    """The agreement by which the chosen agency signed up, if it did so with others."""
    offer = _offer_of(award.lot, award.agency_id)
    return offer.joint if offer else None


def _offer_of(lot: Lot, agency_id: int) -> Offer | None:
    standing = standing_offers(lot)
    return next((one for one in standing if one.agency_id == agency_id), None)


def _others(lot: Lot, party: Collection[int]) -> set[int]:
    """Who else takes part in this lot."""
    return set().union(*map(members_of, standing_offers(lot))) - set(party)


def refuse_double(lot: Lot, party: Collection[int]) -> None:
    """An agency takes part in a lot once: alone or in one consortium (政府采购法第二十四条)."""
    if any(members_of(one) & set(party) for one in standing_offers(lot)):
        raise Conflict(_("An agency takes part in a lot once: alone or in one consortium"))
