"""What the performance section does about needs. Each public function is one action of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, procurement
from app.accounts.models import Organisation, OrganisationKind, User
from app.db import db, lock
from app.display import local_time
from app.engagements.models import EngagementTemplate, IssuedBy
from app.engagements.naming import twin_of
from app.engagements.opening import NewTask, same_name
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import confirming, labels, methods, queries, telling, times
from app.procurement.bidding import HALVES, halves_of, is_opened
from app.procurement.methods import Method
from app.procurement.models import Lot, LotTask, Need
from app.procurement.rule_models import ProcurementRules

MOST_LOTS = 200


@dataclass(frozen=True)
class NewRules:
    """A version of the thresholds and periods as somebody enters it."""

    limit_fen: int
    tender_fen: int
    publicity_days: int
    answer_days: int
    fewest_offers: int
    document_no: str
    effective_on: date


@dataclass(frozen=True)
class NewLot:
    """A lot with its projects."""

    name: str
    budget_fen: int
    days: int
    tasks: Sequence[NewTask]


@dataclass(frozen=True)
class NewNeed:
    """What shall be placed, and by which method."""

    name: str
    method: Method
    template: EngagementTemplate
    client: Organisation
    issued_by: IssuedBy
    lots: Sequence[NewLot]
    reason: str = ""
    service_area: str = ""
    qualification: str = ""
    experience: str = ""
    plan_no: str = ""
    notice_url: str = ""


def set_rules(actor: User, new: NewRules) -> ProcurementRules:
    """The performance section enters a version of the thresholds with its document number."""
    require(actor, Permission.PROCUREMENT_PLAN, None)
    if not new.document_no.strip():
        raise Invalid(_("Name the document that says so (文号)"), field="document_no")
    if not 0 < new.limit_fen <= new.tender_fen:
        raise Invalid(_("The tender amount is not below the limit"), field="tender")
    rules = ProcurementRules(
        **vars(new), version=queries.last_version() + 1, made_at=clock.now(), made_by_id=actor.id
    )
    db.session.add(rules)
    db.session.flush()
    told: dict[str, Any] = {
        "document_no": new.document_no,
        "limit_fen": new.limit_fen,
        "version": rules.version,
    }
    audit.record(actor, audit.Event.PROCUREMENT_RULES_SET, rules, **told)
    return rules


def plan_need(actor: User, new: NewNeed) -> Need:
    """A need is written down; the amount of all lots decides which methods are lawful.

    What discriminates against bidders is refused with the words that do so.
    """
    require(actor, Permission.PROCUREMENT_PLAN, None)
    rules = queries.rules_on(clock.today())
    confirming.expect_confirmed(rules)
    _check_lots(new)
    _check_words(new)
    amount = sum(lot.budget_fen for lot in new.lots)
    _check_method(new, amount, rules)
    need = _need(actor, new, rules)
    db.session.add(need)
    db.session.flush()
    told: dict[str, Any] = {"need": need.code, "method": new.method.value, "lots": len(new.lots)}
    audit.record(actor, audit.Event.NEED_PLANNED, need, budget_fen=amount, **told)
    return need


def announce(actor: User, need: Need, until: datetime) -> None:
    """The need is announced; until then agencies sign up, in the register or newly registered."""
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    _expect_going_on(need)
    _expect_ready(need)
    _check_end(need, until)
    need.announced_at, need.offers_until = need.announced_at or clock.now(), until
    telling.tell_agencies(need)
    told = {"need": need.code, "until": until.isoformat()}
    audit.record(actor, audit.Event.NEED_ANNOUNCED, need, **told)


def cancel(actor: User, need: Need, reason: str) -> None:
    """The need is called off with its reason (终止、流选); an award that stands forbids it."""
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    _expect_going_on(need)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    if any(lot.award for lot in need.lots):
        raise Conflict(_("A lot was awarded already; withdraw that award first"))
    need.cancelled_at, need.cancel_reason = clock.now(), reason.strip()
    told = {"need": need.code, "reason": need.cancel_reason}
    audit.record(actor, audit.Event.NEED_CANCELLED, need, **told)


def _expect_ready(need: Need) -> None:
    """Halves, invited places, criteria, agreement: what the method's notice must say stands."""
    if need.method not in methods.CALLED:
        raise Conflict(_("Nobody signs up by this method"))
    if need.is_sealed and len(halves_of(need)) != len(HALVES):
        raise Conflict(_("Two officers make the halves of the key first"))
    if need.method is Method.DRAW_BIDDING and times.places_of(need) is None:
        raise Conflict(_("Say first how many of those drawn are invited to bid"))
    for asks in procurement.notice_gates:
        if words := asks(need):
            raise Conflict(words)


def _check_end(need: Need, until: datetime) -> None:
    """The time for signing up is extended, never cut short, and not after bids were opened."""
    if until <= clock.now():
        raise Invalid(_("The end lies in the future"), field="until")
    if need.offers_until is not None and until < need.offers_until:
        words = _(
            "The time may be extended, not cut short: %(at)s", at=local_time(need.offers_until)
        )
        raise Invalid(words, field="until")
    if is_opened(need):
        raise Conflict(_("The bids are open; the time isn't extended any more"))


def _expect_going_on(need: Need) -> None:
    if need.cancelled_at is not None:
        raise Conflict(_("This need was called off"))
    if any(lot.draws for lot in need.lots):
        raise Conflict(_("A list is frozen already; the time for signing up is over"))


def _check_lots(new: NewNeed) -> None:
    """Each lot has a budget, days and tasks that an engagement can be opened with."""
    if not 1 <= len(new.lots) <= MOST_LOTS:
        raise Invalid(_("From 1 to %(n)s lots", n=MOST_LOTS), field="lots")
    for lot in new.lots:
        if not lot.name.strip() or lot.budget_fen <= 0 or not 1 <= lot.days <= 3650:
            raise Invalid(_("Each lot needs a name, a budget and days"), field="lots")
        if not lot.tasks:
            raise Invalid(_("Each lot needs at least one task"), field="lots")
        for task in lot.tasks:
            _check_task(new, task)
        if twins := twin_of(lot.tasks):
            words = _("Lot “%(lot)s”: %(twins)s", lot=lot.name, twins=same_name(*twins))
            raise Invalid(words, field="lots")


def _check_task(new: NewNeed, task: NewTask) -> None:
    if task.section.kind is not OrganisationKind.SECTION:
        raise Invalid(_("Each task needs the business section in charge"), field="lots")
    if task.unit is not None and task.unit.id == new.client.id:
        words = _("The commissioning party can't be the evaluated unit (财预〔2021〕6号)")
        raise Invalid(words, field="client")
    if new.template.needs_unit is not (task.unit is not None):
        words = _("The template says whether a task has an evaluated unit; this one doesn't fit")
        raise Invalid(words, field="lots")


def _check_words(new: NewNeed) -> None:
    """No local agencies, no ownership, no record of one region or trade, no register as a gate."""
    for field in ("service_area", "qualification", "experience"):
        if found := methods.unfair_in(getattr(new, field)):
            kind, words = found[0]
            raise Invalid(labels.unfair(kind, words), field=field)


def _check_method(new: NewNeed, amount: int, rules: ProcurementRules) -> None:
    if new.method not in methods.allowed(amount, rules):
        raise Invalid(labels.misfit(amount, rules), field="method")
    if new.method in {Method.DIRECT, Method.SINGLE_SOURCE} and not new.reason.strip():
        raise Invalid(_("This method needs its reason in writing"), field="reason")


def _need(actor: User, new: NewNeed, rules: ProcurementRules) -> Need:
    year = clock.today().year
    return Need(
        code=f"X{year}-{queries.count_of_year(year) + 1:03d}",
        name=new.name.strip(),
        method=new.method,
        basis=methods.basis_of(new.method, rules),
        rules=rules,
        template=new.template,
        client=new.client,
        issued_by=new.issued_by,
        made_at=clock.now(),
        made_by_id=actor.id,
        lots=[_lot(number, lot) for number, lot in enumerate(new.lots, start=1)],
        **{name: getattr(new, name).strip() for name in WORDS},
    )


WORDS = ("reason", "service_area", "qualification", "experience", "plan_no", "notice_url")


def _lot(number: int, new: NewLot) -> Lot:
    return Lot(
        number=number,
        name=new.name.strip(),
        budget_fen=new.budget_fen,
        days=new.days,
        tasks=[
            LotTask(
                number=at,
                project=task.project.strip(),
                amount_fen=task.amount_fen,
                unit=task.unit,
                section=task.section,
            )
            for at, task in enumerate(new.tasks, start=1)
        ],
    )
