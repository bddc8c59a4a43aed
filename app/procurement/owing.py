"""What is owed after an award, by when, and whether it is late."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock
from app.db import db
from app.errors import Words
from app.payments.models import Instalment, Invoice, PaymentPlan
from app.policy import Permission, Person, can
from app.procurement.awarding import PERIODS, contract_due
from app.procurement.models import Award

LABELS: dict[str, Words] = {
    "filed_on": _("Copy of the contract filed (7 working days)"),
    "noticed_on": _("Contract made public (2 working days)"),
}


@dataclass(frozen=True)
class Duty:
    """One thing with its last day."""

    label: Words
    due_on: date
    done_on: date | None

    @property
    def is_late(self) -> bool:
        """Whether it was, or is, done after its last day."""
        return (self.done_on or clock.today()) > self.due_on


def clocks_of(award: Award, user: Person) -> list[Duty]:
    """All clocks of an award that this person may see: contract, objections, payments."""
    return [*duties_of(award), *answers_of(award, user), *bills_of(award, user)]


def duties_of(award: Award) -> list[Duty]:
    """The signature within thirty days; then the copy and the public notice of the contract."""
    found = [Duty(_("Contract signed (30 days)"), contract_due(award), award.signed_on)]
    if award.signed_on is not None:
        for name, days in PERIODS.items():
            due = clock.add_working_days(award.signed_on, days)
            found.append(Duty(LABELS[name], due, getattr(award, name)))
    return found


def answers_of(award: Award, user: Person) -> list[Duty]:
    """The answer to each objection and the decision on each complaint (7 and 30 working days)."""
    found = []
    for one in award.objections:
        if not can(user, Permission.PROCUREMENT_OFFER_READ, one):
            continue
        done = clock.day_of(one.answered_at) if one.answered_at else None
        label = _("Objection of %(agency)s answered", agency=one.agency.name)
        found.append(Duty(label, one.answer_due_on, done))
        if one.decision_due_on is not None:
            decided = clock.day_of(one.decided_at) if one.decided_at else None
            label = _("Complaint of %(agency)s decided", agency=one.agency.name)
            found.append(Duty(label, one.decision_due_on, decided))
    return found


def bills_of(award: Award, user: Person) -> list[Duty]:
    """The payment of each invoice of the contract (30 days, by agreement at most 60)."""
    if award.engagement is None or not can(user, Permission.PAYMENT_READ, award.engagement):
        return []
    query = select(Invoice).join(Invoice.instalment).join(Instalment.plan)
    query = query.where(PaymentPlan.engagement_id == award.engagement_id)
    found = db.session.scalars(query.where(Invoice.voided_at.is_(None)).order_by(Invoice.id))
    return [
        Duty(_("Invoice %(code)s paid", code=one.code), one.due_on, one.paid_off_on)
        for one in found
    ]
