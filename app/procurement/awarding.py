"""How a lot is awarded, and how its contract opens the engagement with nothing typed twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.agencies.qualification import WORDS, qualifies
from app.db import db, lock
from app.engagements.models import Engagement
from app.engagements.naming import told_apart
from app.engagements.opening import NewEngagement, NewTask, open_engagement
from app.errors import Conflict, Invalid, Words
from app.policy import Permission, require
from app.procurement import bidding, choosing, telling
from app.procurement.clashes import party_of, refuse_conflict
from app.procurement.methods import CHOSEN, LOWEST, RULED, Method
from app.procurement.models import Award, Draw, Lot, Offer
from app.procurement.queries import standing_offers

CONTRACT_DAYS = 30  # from the notice of award to the signature (政府采购法第四十六条)
PERIODS = {"filed_on": 7, "noticed_on": 2}  # working days from the signature


@dataclass(frozen=True)
class NewAward:
    """Whom the buyer chose, or whom the province's platform found."""

    evaluator: Evaluator
    price_fen: int
    reason: str = ""
    result_url: str = ""
    plan_no: str = ""
    outside_reason: str = ""  # where the chosen one stands outside the best set


@dataclass(frozen=True)
class ByRule:
    """Whom a comparison or an agreement's rule found, at which price, and by which rule."""

    evaluator: Evaluator
    price_fen: int
    reason: str
    outside_reason: str = ""  # where the buyer chose, and the chosen stands outside the best set


@dataclass(frozen=True)
class Contract:
    """The fields of the model contract that the bureau enters; the rest stands in the need."""

    number: str
    signed_on: date
    starts_on: date
    ends_on: date
    texts: dict[str, str]


def award_lot(actor: User, lot: Lot, new: NewAward) -> Award:
    """The buyer's own choice with its reason, or the result of the province's platform.

    What is placed by a draw is awarded by the draw alone.
    """
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    if lot.need.method not in CHOSEN:
        raise Conflict(_("This lot is awarded by the rule of its method"))
    if lot.need.is_on_platform and not new.result_url.strip():
        words = _("Enter the address of the result on the province's platform")
        raise Invalid(words, field="result_url")
    if not 0 < new.price_fen <= lot.budget_fen:
        raise Invalid(_("The price is more than nothing and within the budget"), field="price")
    lot.need.plan_no = new.plan_no.strip() or lot.need.plan_no
    made = _award(actor, lot, new.evaluator, new.price_fen)
    made.reason = new.reason.strip() or lot.need.reason or str(_("As the platform's result says"))
    made.result_url = new.result_url.strip()
    return _recorded(actor, made, new.outside_reason)


def award_by_rule(actor: User, lot: Lot, found: ByRule) -> Award:
    """What the notice's or the agreement's rule found is awarded, within the budget."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    if lot.need.method not in RULED:
        raise Conflict(_("This lot isn't awarded by such a rule"))
    if not 0 < found.price_fen <= lot.budget_fen:
        raise Invalid(_("The price is more than nothing and within the budget"), field="price")
    made = _award(actor, lot, found.evaluator, found.price_fen)
    made.reason = found.reason
    return _recorded(actor, made, found.outside_reason)


def award_drawn(actor: User, lot: Lot) -> Award:
    """The lot goes to the first one drawn who stands; whoever stepped back is passed over."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    draw = lot.draw
    if lot.need.method is not Method.DRAW or draw is None or draw.record is None:
        raise Conflict(_("This lot wasn't drawn yet"))
    place, offer = next(_standing(lot, draw), (0, None))
    if offer is None:
        raise Conflict(_("Nobody who was drawn stands any more; call the need off"))
    made = _award(actor, lot, offer.evaluator, lot.budget_fen)
    made.draw_id = draw.id
    made.reason = str(_("Place %(place)s of draw %(draw)s", place=place, draw=draw.draw_id))
    return _recorded(actor, made)


def award_lowest(actor: User, lot: Lot) -> Award:
    """The lowest valid price wins; of equal ones, the one handed in first."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    valid = bidding.valid_bids(lot) if lot.need.method in LOWEST else []
    if not valid:
        raise Conflict(_("No valid bid is open; call the need off or open the bids"))
    if any(bidding.is_low(bid) and not bid.verdict for bid in bidding.bids_of(lot)):
        raise Conflict(_("A price that may lie below cost is not decided yet"))
    best = valid[0]
    made = _award(actor, lot, best.offer.evaluator, best.price_fen or 0)
    made.reason = str(_("The lowest of %(n)s valid prices", n=len(valid)))
    return _recorded(actor, made)


def withdraw_award(actor: User, award: Award, reason: str) -> None:
    """An award falls: the winner stepped back, or an objection was right. The lot is free again."""
    lock(award.lot)
    require(actor, Permission.PROCUREMENT_AWARD, award)
    _expect_standing(award)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    award.withdrawn_at, award.withdraw_reason = clock.now(), reason.strip()
    told = {"agency": award.agency.name, "lot": award.lot.name, "reason": award.withdraw_reason}
    audit.record(actor, audit.Event.AWARD_WITHDRAWN, award, **told)


def sign_contract(actor: User, award: Award, contract: Contract) -> Engagement:
    """The contract is signed and the engagement opens from need, award and contract by itself.

    Not before the public notice is over, nor while an objection is open. After thirty days from
    the award it is late, which is kept.
    """
    lock(award.lot)
    require(actor, Permission.PROCUREMENT_AWARD, award)
    _expect_standing(award)
    _check_signed(award, contract)
    engagement = open_engagement(actor, _opening(award, contract))
    award.contract_no, award.contract = contract.number.strip(), dict(contract.texts)
    award.signed_on, award.engagement_id = contract.signed_on, engagement.id
    late = max((contract.signed_on - contract_due(award)).days, 0)
    told: dict[str, Any] = {
        "contract": award.contract_no,
        "engagement": engagement.code,
        "late_days": late,
    }
    audit.record(
        actor, audit.Event.AWARD_CONTRACTED, award, scope=engagement, lot=award.lot.name, **told
    )
    return engagement


def note_duty(
    actor: User, award: Award, duty: Literal["filed_on", "noticed_on"], day: date
) -> None:
    """The copy of the contract was filed (7 working days) or the contract made public (2)."""
    lock(award)
    require(actor, Permission.PROCUREMENT_AWARD, award)
    if award.signed_on is None:
        raise Conflict(_("The contract isn't signed yet"))
    if getattr(award, duty) is not None:
        raise Conflict(_("This was entered already"))
    if not award.signed_on <= day <= clock.today():
        raise Invalid(_("The day lies between the signature and today"), field="day")
    setattr(award, duty, day)
    due = clock.add_working_days(award.signed_on, PERIODS[duty])
    late = max(clock.working_days_between(due, day), 0)
    told: dict[str, Any] = {"duty": duty, "late_days": late, "lot": award.lot.name}
    audit.record(actor, audit.Event.CONTRACT_DUTY_DONE, award, day=day.isoformat(), **told)


def contract_due(award: Award) -> date:
    """The last day to sign; one without work moves to the next working day (民法典第二百零三条)."""
    day = clock.day_of(award.made_at) + timedelta(CONTRACT_DAYS)
    return clock.add_working_days(day, 0)


def stands_against(award: Award, day: date) -> Words | None:
    """What stands against signing on a day: the public notice, an open objection, or nothing."""
    if award.lot.need.cancelled_at is not None:
        return _("This need was called off")
    if day <= award.public_until:
        return _("The result stands publicly until %(day)s", day=award.public_until)
    if any(one.is_open for one in award.objections):
        return _("An objection or complaint is not decided yet")
    return None


def _standing(lot: Lot, draw: Draw) -> Iterator[tuple[int, Offer]]:
    """Those drawn who neither stepped back nor lost an award of this lot, with their places."""
    offers = {offer.agency_id: offer for offer in standing_offers(lot)}
    fallen = {award.agency_id for award in lot.awards if award.withdrawn_at is not None}
    for place, key in enumerate(draw.order, start=1):
        if key in offers and key not in fallen:
            yield place, offers[key]


def _award(actor: User, lot: Lot, evaluator: Evaluator, price_fen: int) -> Award:
    """An award that stands; whoever comes second hears that the lot is awarded."""
    if lot.need.cancelled_at is not None:
        raise Conflict(_("This need was called off"))
    if lot.award is not None:
        words = _("This lot is awarded to %(agency)s already", agency=lot.award.agency.name)
        raise Conflict(words)
    if problem := qualifies(evaluator, clock.today()):
        raise Invalid(WORDS[problem], field="evaluator")
    refuse_conflict(lot, party_of(lot, evaluator.agency_id))
    award = Award(
        lot=lot,
        agency=evaluator.agency,
        evaluator=evaluator,
        price_fen=price_fen,
        made_at=clock.now(),
        made_by_id=actor.id,
        public_until=clock.add_working_days(clock.today(), lot.need.rules.publicity_days),
    )
    lot.need.announced_at = lot.need.announced_at or clock.now()
    db.session.add(award)
    return award


def _recorded(actor: User, award: Award, outside_reason: str = "") -> Award:
    db.session.flush()
    choosing.keep(actor, award, outside_reason)
    telling.tell_award(award)
    told: dict[str, Any] = {"agency": award.agency.name, "lot": award.lot.name}
    told["price_fen"] = award.price_fen
    audit.record(actor, audit.Event.AWARD_MADE, award, reason=award.reason, **told)
    return award


def _expect_standing(award: Award) -> None:
    if award.withdrawn_at is not None:
        raise Conflict(_("This award was withdrawn"))
    if award.signed_on is not None:
        raise Conflict(_("The contract is signed already"))


def _check_signed(award: Award, contract: Contract) -> None:
    if contract.signed_on > clock.today():
        raise Invalid(_("A contract is entered once it is signed"), field="signed_on")
    if words := stands_against(award, contract.signed_on):
        raise Conflict(words)
    if not contract.number.strip():
        raise Invalid(_("Enter the number of the contract"), field="number")


def _opening(award: Award, contract: Contract) -> NewEngagement:
    """All that an engagement needs, as need, award and contract say it."""
    lot, need = award.lot, award.lot.need
    return NewEngagement(
        name=lot.name,
        template=need.template,
        agency=award.agency,
        lead_evaluator=award.evaluator,
        client=need.client,
        issued_by=need.issued_by,
        fee_fen=award.price_fen,
        signed_on=contract.signed_on,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        tasks=told_apart(
            [NewTask(task.project, task.amount_fen, task.section, task.unit) for task in lot.tasks]
        ),
    )
