"""What waits in procurement: notices that end, bids, queries, objections, contracts, payments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, and_, or_, select

from app import clock
from app.accounts.models import User
from app.pages.waiting import Todo, count_of
from app.payments import queries as payments
from app.payments.models import Invoice
from app.policy import AGENCY_ROLES, Role
from app.procurement.awarding import CONTRACT_DAYS, PERIODS
from app.procurement.bid_models import Bid, Invitation
from app.procurement.choice_models import AwardChoice
from app.procurement.models import Award, AwardObjection, Lot, Need, Offer

SOON = timedelta(days=3)
INDEX = "procurement.index"
STANDS = and_(Award.withdrawn_at.is_(None), Award.signed_on.is_(None))
OPEN_NEED = Need.cancelled_at.is_(None)
AWARDED = Lot.awards.any(Award.withdrawn_at.is_(None))
OUTSIDE = AwardChoice.standing.in_(["behind", "unranked", "left_out"])


def notices_ending(_user: User) -> Todo:
    """Announced needs whose time ends within three days."""
    now = clock.now()
    ending = (Need.offers_until > now, Need.offers_until <= now + SOON)
    query = select(Need.id).where(OPEN_NEED, Need.announced_at.is_not(None), *ending)
    return Todo(_("Calls that end within 3 days"), count_of(query), INDEX, {})


def lots_to_decide(_user: User) -> Todo:
    """Lots whose time for offers is over and that nobody was awarded."""
    query = select(Lot.id).join(Lot.need).where(OPEN_NEED, ~AWARDED)
    over = query.where(Need.announced_at.is_not(None), Need.offers_until <= clock.now())
    return Todo(_("Lots to decide after the call"), count_of(over), INDEX, {}, "warn")


def bids_to_open(_user: User) -> Todo:
    """Lots with envelopes that are due and closed."""
    sealed = select(Bid.id).where(Bid.lot_id == Lot.id, Bid.opened_at.is_(None)).exists()
    invited = select(Invitation.id).where(Invitation.lot_id == Lot.id)
    going_on = invited.where(Invitation.bids_until > clock.now()).exists()
    over = (Need.offers_until <= clock.now(), sealed, ~going_on)
    query = select(Lot.id).join(Lot.need).where(OPEN_NEED, *over)
    return Todo(_("Bids to open"), count_of(query), INDEX, {}, "warn")


def low_prices(_user: User) -> Todo:
    """Low prices whose answer came, or whose time for it is over, and that nobody decided."""
    due = or_(Bid.answered_at.is_not(None), Bid.query_due_on < clock.today())
    asked = (Bid.query_due_on.is_not(None), Bid.verdict == "")
    query = select(Bid.id).join(Bid.lot).join(Lot.need).where(OPEN_NEED, due, *asked)
    return Todo(_("Low prices to decide on"), count_of(query), INDEX, {}, "warn")


def queries_to_answer(user: User) -> Todo:
    """Questions about its price that this agency has to answer in time."""
    mine = select(Bid.id).join(Bid.offer).where(Offer.agency_id == user.organisation_id)
    query = mine.where(Bid.answered_at.is_(None), Bid.verdict == "")
    query = query.where(Bid.query_due_on >= clock.today())
    return Todo(_("Questions about your price to answer"), count_of(query), INDEX, {}, "bad")


def objections_to_answer(_user: User) -> Todo:
    """Objections without an answer and complaints without a decision."""
    return Todo(
        _("Objections and complaints open"), count_of(_open_objections()), INDEX, {}, "warn"
    )


def objections_late(_user: User) -> Todo:
    """Those past their last day."""
    today = clock.today()
    answer = and_(AwardObjection.answered_at.is_(None), AwardObjection.answer_due_on < today)
    decision = and_(AwardObjection.decided_at.is_(None), AwardObjection.decision_due_on < today)
    query = _open_objections().where(or_(answer, decision))
    return Todo(_("Objections and complaints past their day"), count_of(query), INDEX, {}, "bad")


def _open_objections() -> Select[Any]:
    complained = AwardObjection.complained_at.is_not(None)
    undecided = and_(complained, AwardObjection.decided_at.is_(None))
    unanswered = and_(~complained, AwardObjection.answered_at.is_(None))
    query = select(AwardObjection.id).join(AwardObjection.award)
    return query.where(Award.withdrawn_at.is_(None), or_(unanswered, undecided))


def contracts_to_sign(_user: User) -> Todo:
    """Awards whose public notice is over and whose contract is not signed."""
    query = select(Award.id).where(STANDS, Award.public_until < clock.today())
    return Todo(_("Contracts to sign"), count_of(query), INDEX, {}, "warn")


def contracts_late(_user: User) -> Todo:
    """Awards of more than thirty days without a signed contract, by their last working day."""
    worked = clock.add_working_days(clock.today(), -1)
    since = clock.start_of(worked - timedelta(days=CONTRACT_DAYS - 1))
    query = select(Award.id).where(STANDS, Award.made_at < since)
    return Todo(_("Contracts past their 30 days"), count_of(query), INDEX, {}, "bad")


def contracts_to_file(_user: User) -> Todo:
    """Signed contracts whose copy nobody has filed (7 working days) or made public (2)."""
    undone = or_(Award.filed_on.is_(None), Award.noticed_on.is_(None))
    query = select(Award.id).where(Award.signed_on.is_not(None), undone)
    return Todo(_("Contracts to file and to make public"), count_of(query), INDEX, {}, "warn")


def duties_late(_user: User) -> Todo:
    """Of those, whose last day is over."""
    today = clock.today()
    late = [
        and_(getattr(Award, name).is_(None), Award.signed_on < _before(days))
        for name, days in PERIODS.items()
    ]
    query = select(Award.id).where(
        Award.signed_on.is_not(None), Award.signed_on < today, or_(*late)
    )
    return Todo(_("Contracts filed or made public too late"), count_of(query), INDEX, {}, "bad")


def _before(working_days: int) -> Any:
    """The first day whose duty of so many working days still runs today."""
    day = clock.today()
    while clock.add_working_days(day - timedelta(days=1), working_days) >= clock.today():
        day -= timedelta(days=1)
    return day


def payments_late(user: User) -> Todo:
    """Invoices past the day by which they had to be paid (30 days, by agreement 60)."""
    query = payments.overdue(user).with_only_columns(Invoice.id).order_by(None)
    return Todo(_("Payments past their day"), count_of(query), "payments.index", {}, "bad")


def reasons_missing(_user: User) -> Todo:
    """Choices outside the best set whose reason nobody has given."""
    query = select(AwardChoice.id).join(AwardChoice.award)
    query = query.where(Award.withdrawn_at.is_(None), OUTSIDE, AwardChoice.reason == "")
    return Todo(_("Reasons outside the best set to give"), count_of(query), INDEX, {}, "warn")


def awards_to_approve(_user: User) -> Todo:
    """Awards that stand and that no leader has approved."""
    query = select(AwardChoice.id).join(AwardChoice.award)
    query = query.where(Award.withdrawn_at.is_(None), AwardChoice.approved_at.is_(None))
    return Todo(_("Awards to approve"), count_of(query), INDEX, {})


OFFICER = (notices_ending, lots_to_decide, bids_to_open, low_prices, objections_to_answer,
           objections_late, contracts_to_sign, contracts_late, contracts_to_file, duties_late,
           reasons_missing, payments_late)  # fmt: skip


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        return list(OFFICER)
    if user.role is Role.LEADER:
        return [awards_to_approve]
    return [queries_to_answer] if user.role in AGENCY_ROLES else []
