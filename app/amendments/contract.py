"""What the performance section enters about the contract itself."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import amendments, audit, clock
from app.accounts.models import User
from app.amendments import moving, queries, telling
from app.amendments.entering import added
from app.amendments.labels import FIELDS
from app.amendments.models import Amendment, AmendmentKind, AmendmentState
from app.engagements import moves
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.policy import Permission, require

Kind = AmendmentKind
MOST_PERCENT = 10  # 政府采购法 article 49: supplements stay within 10 % of the contract


@dataclass(frozen=True)
class Supplement:
    """What a supplementary agreement says: the new fee, the new last day, or both."""

    basis: str  # name and number of the agreement
    reason: str
    fee_fen: int | None = None
    ends_on: date | None = None
    over_basis: str = ""  # what allows more than 10 %


def add_supplement(actor: User, engagement: Engagement, new: Supplement) -> Amendment:
    """The section enters a supplementary agreement; the contract changes, the old words stay.

    All supplements together add at most 10 % to the fee first signed, or the basis is told.
    """
    _begin(actor, engagement, Permission.AMENDMENT_ENTER)
    moves.expect_open(engagement)
    _check_supplement(engagement, new)
    told = {"basis": new.basis.strip(), "over_basis": new.over_basis.strip()}
    fee = {"fee_before_fen": engagement.fee_fen, "fee_fen": new.fee_fen}
    ends = {"ends_before": engagement.ends_on, "ends_on": new.ends_on}
    fees = fee if new.fee_fen else {}
    made = added(engagement, Kind.SUPPLEMENT, actor, reason=new.reason, **told, **fees, **ends)
    facts = {"before_fen": engagement.fee_fen, "new_fen": new.fee_fen or engagement.fee_fen}
    engagement.ends_on = new.ends_on or engagement.ends_on
    _change_fee(actor, engagement, new.fee_fen)
    telling.tell_agency(made)
    until = {"until": engagement.ends_on}
    _record(actor, audit.Event.SUPPLEMENT_ADDED, made, basis=made.basis, **facts, **until)
    return made


def suspend(actor: User, engagement: Engagement, starts_on: date, reason: str) -> Amendment:
    """The section suspends the work from a day on; nothing is handed in until it goes on."""
    _begin(actor, engagement, Permission.AMENDMENT_ENTER)
    moves.expect_open(engagement)
    if queries.suspension_of(engagement) is not None:
        raise Conflict(_("Work is suspended already"))
    if not engagement.starts_on <= starts_on <= clock.today():
        words = _("Enter a day from the start of the work to today")
        raise Invalid(words, field="starts_on")
    made = added(engagement, Kind.SUSPENSION, actor, reason=reason, starts_on=starts_on)
    telling.tell_agency(made)
    _record(actor, audit.Event.WORK_SUSPENDED, made, since=starts_on, reason=made.reason)
    return made


def resume(actor: User, engagement: Engagement, ends_on: date) -> Amendment:
    """Work goes on from a day; what isn't over is due later by the suspended working days."""
    _begin(actor, engagement, Permission.AMENDMENT_ENTER)
    made = queries.suspension_of(engagement)
    if made is None or made.starts_on is None:
        raise Conflict(_("Work isn't suspended"))
    if not made.starts_on <= ends_on <= clock.today():
        raise Invalid(_("Enter a day from the suspension to today"), field="ends_on")
    days = clock.working_days_between(made.starts_on, ends_on)
    moving.put_off(made, days)
    made.state, made.ends_on = AmendmentState.ENDED, ends_on
    telling.tell_agency(made)
    _record(actor, audit.Event.WORK_RESUMED, made, days=days, since=made.starts_on, until=ends_on)
    return made


def correct(
    actor: User, engagement: Engagement, field: str, value: str | date, *, reason: str
) -> Amendment:
    """The section puts a wrong entry right; what stood before, who and why are kept."""
    _begin(actor, engagement, Permission.AMENDMENT_ENTER)
    if field not in FIELDS or isinstance(value, str) is not (field == "name"):
        raise Invalid(_("This entry can't be corrected"), field="field")
    value = value.strip() if isinstance(value, str) else value
    before = getattr(engagement, field)
    if not value or value == before or len(str(value)) > 200:
        raise Invalid(_("Enter something else than what stands there"), field="field")
    told = {"field": field, "stood_before": str(before), "stands_now": str(value)}
    made = added(engagement, Kind.CORRECTION, actor, reason=reason, **told)
    setattr(engagement, field, value)
    if not engagement.signed_on <= engagement.starts_on <= engagement.ends_on:
        words = _("The contract is signed before work starts, and work starts before it ends")
        raise Invalid(words, field="field")
    telling.tell_agency(made)
    facts = {"corrected": field, "before": str(before), "now": str(value)}
    _record(actor, audit.Event.ENTRY_CORRECTED, made, reason=made.reason, **facts)
    return made


def name_successor(actor: User, old: Engagement, new: Engagement, reason: str) -> Amendment:
    """The section says which contract, with another agency, goes on with terminated work."""
    _begin(actor, old, Permission.AMENDMENT_ENTER)
    if old.terminated_at is None:
        raise Conflict(_("Terminate this engagement first"))
    if new.id == old.id or new.agency_id == old.agency_id:
        raise Invalid(_("Name the contract with the other agency"), field="successor")
    if any(one.kind is Kind.SUCCESSION for one in queries.amendments_of(old)):
        raise Conflict(_("The contract that follows was named already"))
    made = added(old, Kind.SUCCESSION, actor, reason=reason, successor=new)
    _record(actor, audit.Event.SUCCESSOR_NAMED, made, successor=new.code, reason=made.reason)
    return made


def _begin(actor: User, engagement: Engagement, permission: Permission) -> None:
    moves.hold(engagement)
    require(actor, permission, engagement)


def _check_supplement(engagement: Engagement, new: Supplement) -> None:
    if not new.basis.strip():
        raise Invalid(_("Enter the agreement that it rests on"), field="basis")
    if new.fee_fen in {None, engagement.fee_fen} and new.ends_on in {None, engagement.ends_on}:
        raise Invalid(_("Enter a new fee or a new last day"), field="fee")
    if new.ends_on is not None and not engagement.starts_on <= new.ends_on <= clock.LAST_DAY:
        raise Invalid(_("Work ends after it starts"), field="ends_on")
    if new.fee_fen is not None and new.fee_fen <= 0:
        raise Invalid(_("The fee must be more than nothing"), field="fee")
    first = queries.original_fee(engagement)
    above = (new.fee_fen or 0) * 100 > first * (100 + MOST_PERCENT)
    if above and not new.over_basis.strip():
        words = _("More than a tenth above the contract: say what allows it, or lower the fee")
        raise Invalid(words, field="over_basis")


def _change_fee(actor: User, engagement: Engagement, fee_fen: int | None) -> None:
    if fee_fen is None or fee_fen == engagement.fee_fen:
        return
    for gate in amendments.fee_gates:
        if words := gate(engagement, fee_fen):
            raise Invalid(words, field="fee")
    engagement.fee_fen = fee_fen
    for listener in amendments.on_fee_changed:
        listener(actor, engagement)


def _record(actor: User, event: audit.Event, amendment: Amendment, **facts: object) -> None:
    audit.record(actor, event, amendment, scope=amendment.engagement, **facts)
