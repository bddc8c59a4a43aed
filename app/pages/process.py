"""What waits in the process itself: material, drafts, expert reviews, rectification. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.amendments import queries as amendments
from app.amendments.models import Amendment
from app.comparisons import queries as comparisons
from app.comparisons.models import Seat
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.expert_reviews import queries as expert_reviews
from app.expert_reviews.models import ExpertSeat
from app.pages.waiting import Todo, count_of
from app.payments import queries as payments
from app.payments.models import Invoice
from app.policy import AGENCY_ROLES, UNIT_ROLES, Role
from app.rectifications import queries as rectifications
from app.rectifications.models import RectificationItem
from app.requests import queries as requests
from app.requests.models import RequestItem


def documents_to_supply(user: User) -> Todo:
    """Material that agencies ask of this unit and that is owed still."""
    query = requests.owed_by(user).with_only_columns(RequestItem.id).order_by(None)
    return Todo(_("Material to supply"), count_of(query), "requests.index", {}, "warn")


def documents_to_check(user: User) -> Todo:
    """Material that units supplied and this agency has not looked at."""
    query = requests.waiting_for(user).with_only_columns(RequestItem.id).order_by(None)
    return Todo(_("Material to check"), count_of(query), "requests.index", {})


def drafts_to_answer(user: User) -> Todo:
    """Drafts of reports on which this unit is asked for its opinions."""
    query = consultations.awaiting(user).with_only_columns(Consultation.id).order_by(None)
    return Todo(_("Drafts for your opinions"), count_of(query), "consultations.index", {}, "warn")


def sheets_to_hand_in(user: User) -> Todo:
    """Expert reviews that wait for this expert's statement or sheet."""
    query = expert_reviews.seats_waiting(user).with_only_columns(ExpertSeat.id).order_by(None)
    return Todo(_("Expert sheets to hand in"), count_of(query), "expert_reviews.index", {}, "warn")


def plans_to_judge(user: User) -> Todo:
    """Comparisons that wait for this member's statement or sheet."""
    query = comparisons.seats_waiting(user).with_only_columns(Seat.id).order_by(None)
    return Todo(_("Plans to judge"), count_of(query), "comparisons.index", {}, "warn")


def findings_to_put_right(user: User) -> Todo:
    """Findings that this unit has still to put right or to report on."""
    query = rectifications.owed_by(user).with_only_columns(RectificationItem.id).order_by(None)
    return Todo(_("Findings to put right"), count_of(query), "rectifications.index", {}, "bad")


def reports_to_confirm(_user: User) -> Todo:
    """Reports of units on findings that wait for the performance section."""
    query = rectifications.waiting().with_only_columns(RectificationItem.id)
    return Todo(_("Rectification reports to confirm"), count_of(query), "rectifications.index", {})


def changes_to_decide(user: User) -> Todo:
    """Extensions and changes of lead evaluators that wait for this person's decision."""
    query = amendments.decidable_by(user).with_only_columns(Amendment.id)
    return Todo(_("Changes to decide"), count_of(query), "amendments.index", {}, "warn")


def invoices_to_pay(user: User) -> Todo:
    """Invoices that wait for their payment; those past their day are told as such."""
    query = payments.unpaid(user).with_only_columns(Invoice.id).order_by(None)
    return Todo(_("Invoices to pay"), count_of(query), "payments.index", {}, "warn")


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    if user.role is Role.EXPERT:
        return [sheets_to_hand_in, plans_to_judge]
    if user.role in UNIT_ROLES:
        return [documents_to_supply, drafts_to_answer, findings_to_put_right, changes_to_decide]
    if user.role is Role.PERFORMANCE_OFFICER:
        return [reports_to_confirm, changes_to_decide, invoices_to_pay]
    return [documents_to_check] if user.role in AGENCY_ROLES else []
