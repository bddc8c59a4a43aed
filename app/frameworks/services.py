"""What the bureau does with framework agreements. Each public function is one action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.agencies.qualification import WORDS, qualifies
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.frameworks import queries
from app.frameworks.models import Framework, FrameworkNeed, Member, Outcome, Turn
from app.policy import Permission, require
from app.procurement import awarding
from app.procurement.methods import FRAMEWORK, Method
from app.procurement.models import Award, Lot, Need

LEAST, MOST = 2, 60


@dataclass(frozen=True)
class NewMember:
    """A member as the first stage found it: its lead evaluator and its agreed price."""

    evaluator: Evaluator
    price_fen: int


@dataclass(frozen=True)
class NewFramework:
    """An agreement as somebody enters it; the members stand in the order of the rotation."""

    code: str
    name: str
    way: Method
    unit_name: str
    result_url: str
    starts_on: date
    ends_on: date
    members: Sequence[NewMember]


def enter_framework(actor: User, new: NewFramework) -> Framework:
    """The first stage, a statutory procurement on the province's platform, is entered here."""
    require(actor, Permission.FRAMEWORK_RUN, None)
    _check(new)
    plain = {name: told for name, told in vars(new).items() if name != "members"}
    framework = Framework(**plain, entered_at=clock.now(), entered_by_id=actor.id)
    for place, one in enumerate(new.members, start=1):
        framework.members.append(
            Member(
                place=place,
                agency=one.evaluator.agency,
                evaluator=one.evaluator,
                price_fen=one.price_fen,
            )  # fmt: skip
        )
    db.session.add(framework)
    db.session.flush()
    told: dict[str, Any] = {"framework": framework.code, "members": len(new.members)}
    audit.record(actor, audit.Event.FRAMEWORK_ENTERED, framework, **told)
    return framework


def enter_leave(actor: User, member: Member, reason: str) -> None:
    """A member leaves the agreement, or is removed from it; the reason is on record."""
    lock(member)
    require(actor, Permission.FRAMEWORK_RUN, member.framework)
    if member.left_at is not None:
        raise Conflict(_("This member has left already"))
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="words")
    member.left_at, member.leave_reason = clock.now(), reason.strip()
    told = {"agency": member.agency.name, "reason": member.leave_reason}
    framework = member.framework
    event = audit.Event.FRAMEWORK_MEMBER_LEFT
    audit.record(actor, event, framework, framework=framework.code, **told)


def name_framework(actor: User, need: Need, framework: Framework) -> None:
    """A need is placed under the agreement whose way it follows, within its term."""
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    if need.method not in FRAMEWORK or need.announced_at is not None:
        raise Conflict(_("The agreement is named before anything else is done"))
    if framework.way is not need.method or not framework.is_in_term(clock.today()):
        raise Invalid(_("This agreement ended, or its second stage goes another way"))
    told = db.session.get(FrameworkNeed, need.id) or FrameworkNeed(need_id=need.id)
    told.framework_id, told.named_at, told.named_by_id = framework.id, clock.now(), actor.id
    db.session.add(told)
    facts = {"framework": framework.code, "need": need.code}
    audit.record(actor, audit.Event.FRAMEWORK_NAMED, need, **facts)


@dataclass(frozen=True)
class Choice:
    """Whom the buyer chose directly, how many units of work, and why."""

    member: Member
    quantity: int
    reason: str
    outside_reason: str = ""


def choose(actor: User, lot: Lot, new: Choice) -> Award:
    """The buyer chooses a member directly, at its agreed price, and says why."""
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    framework = _framework_for(lot, Method.FRAMEWORK_DIRECT)
    if new.member.framework_id != framework.id or new.member.left_at is not None:
        raise Invalid(_("This agency is no member of the agreement"), field="member")
    if not new.reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    price = _price(new.member, new.quantity)
    rule = awarding.ByRule(new.member.evaluator, price, new.reason.strip(), new.outside_reason)
    return awarding.award_by_rule(actor, lot, rule)


@dataclass(frozen=True)
class NewTurn:
    """What came of a turn: taken with so many units of work, declined or barred with the reason."""

    outcome: Outcome
    quantity: int = 0
    reason: str = ""


def tell_turn(actor: User, lot: Lot, new: NewTurn) -> Turn:
    """The member whose turn it is takes the lot at its agreed price, or the next one comes."""
    framework = _framework_for(lot, Method.FRAMEWORK_TURN)
    lock(framework)
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    member = queries.whose_turn(framework, lot)
    if member is None or lot.award is not None:
        raise Conflict(_("Every member had its turn for this lot, or it is awarded"))
    if new.outcome is not Outcome.TAKEN and not new.reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    turn = Turn(framework=framework, number=len(framework.turns) + 1, member=member, lot=lot,
                outcome=new.outcome, reason=new.reason.strip(), told_at=clock.now(),
                told_by_id=actor.id)  # fmt: skip
    db.session.add(turn)
    db.session.flush()
    if new.outcome is Outcome.TAKEN:
        _award_turn(actor, lot, turn, new.quantity)
    _record_turn(actor, turn)
    return turn


def _award_turn(actor: User, lot: Lot, turn: Turn, quantity: int) -> None:
    words = _("Turn %(turn)s of the agreement %(framework)s", turn=turn.number,
              framework=turn.framework.code)  # fmt: skip
    price = _price(turn.member, quantity)
    rule = awarding.ByRule(turn.member.evaluator, price, str(words))
    awarding.award_by_rule(actor, lot, rule)


def _record_turn(actor: User, turn: Turn) -> None:
    told: dict[str, Any] = {"agency": turn.member.agency.name, "lot": turn.lot.name}
    told["turn"] = turn.number
    framework, event = turn.framework, audit.Event.FRAMEWORK_TURN_TOLD
    audit.record(actor, event, framework, framework=framework.code, reason=turn.reason,
                 turn_outcome=turn.outcome, **told)  # fmt: skip


def _price(member: Member, quantity: int) -> int:
    if not 0 < quantity <= 100_000:
        raise Invalid(_("Enter how many units of work"), field="quantity")
    return member.price_fen * quantity


def _framework_for(lot: Lot, way: Method) -> Framework:
    """The agreement of a lot's need, in its term and by this way."""
    framework = queries.framework_of(lot.need)
    if lot.need.method is not way or framework is None:
        raise Conflict(_("Name the agreement first"))
    if not framework.is_in_term(clock.today()):
        raise Conflict(_("The agreement ended on %(day)s", day=framework.ends_on))
    return framework


def _check(new: NewFramework) -> None:
    if new.way not in FRAMEWORK:
        raise Invalid(_("Choose the way of the second stage"), field="way")
    if not (new.code.strip() and new.name.strip() and new.unit_name.strip()):
        raise Invalid(_("Enter number, name and unit of price"), field="code")
    if queries.is_entered(new.code.strip()):
        raise Invalid(_("An agreement of this number is entered already"), field="code")
    if not new.starts_on < new.ends_on:
        raise Invalid(_("The agreement ends after it starts"), field="ends_on")
    _check_members(new)


def _check_members(new: NewFramework) -> None:
    if not LEAST <= len(new.members) <= MOST:
        words = _("From %(least)s to %(most)s members", least=LEAST, most=MOST)
        raise Invalid(words, field="members")
    homes = [one.evaluator.agency_id for one in new.members]
    if len(set(homes)) != len(homes):
        raise Invalid(_("An agency is a member once"), field="members")
    for one in new.members:
        if problem := qualifies(one.evaluator, clock.today()):
            raise Invalid(WORDS[problem], field="members")
        if one.price_fen <= 0:
            raise Invalid(_("Enter each member's agreed price"), field="members")
