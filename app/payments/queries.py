"""Questions about the money of contracts. Nothing here changes anything."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app import clock
from app.accounts.models import Organisation, OrganisationKind
from app.agencies.models import Agency
from app.assessments.queries import current_of
from app.db import db
from app.engagements.models import Engagement, Task
from app.payments.models import Instalment, Invoice, PaymentPlan
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role

WHOLE_DISTRICT = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}
UNPAID = and_(Invoice.voided_at.is_(None), Invoice.paid_fen < Invoice.amount_fen)


@dataclass(frozen=True)
class Earned:
    """What the grade of the job earns of the fee, as evidence beside what was paid."""

    percent: int
    grade: str
    amount_fen: int


def plan_of(engagement: Engagement) -> PaymentPlan | None:
    """How a contract is paid, with all that its page shows, in a fixed number of statements."""
    whole = selectinload(PaymentPlan.instalments).selectinload(Instalment.invoices)
    query = select(PaymentPlan).where(PaymentPlan.engagement_id == engagement.id)
    query = query.options(
        whole.selectinload(Invoice.payments), whole.joinedload(Invoice.entered_by)
    )
    return db.session.scalar(query)


def earned_by(engagement: Engagement) -> Earned | None:
    """What the assessment in force earns, where the bureau's table of pay is switched on."""
    found = current_of(engagement)
    if found is None or found.pay_percent is None:
        return None
    amount = engagement.fee_fen * found.pay_percent // 100
    return Earned(found.pay_percent, found.rules.label(found.grade), amount)


def readable(user: Person) -> ColumnElement[bool]:
    """Hold for exactly the engagements for which can(user, PAYMENT_READ, …) holds."""
    own = user.organisation_id
    if user.role in WHOLE_DISTRICT:
        return true()
    if user.role in AGENCY_ROLES:
        return Engagement.agency_id == own
    if user.role is Role.SECTION_OFFICER:
        return Engagement.tasks.any(Task.section_id == own)
    outside = Organisation.kind.not_in([OrganisationKind.BUREAU, OrganisationKind.SECTION])
    client = and_(Engagement.client_id == own, Engagement.client.has(outside))
    return or_(false(), client) if user.role in UNIT_ROLES else false()


def invoices_visible_to(user: Person) -> Select[Invoice]:
    """The invoices of those contracts, with what a list shows of each."""
    way = contains_eager(Invoice.instalment).contains_eager(Instalment.plan)
    contract = way.contains_eager(PaymentPlan.engagement)
    return (
        select(Invoice)
        .join(Invoice.instalment)
        .join(Instalment.plan)
        .join(PaymentPlan.engagement)
        .where(readable(user))
        .options(contract.joinedload(Engagement.agency).joinedload(Agency.organisation))
        .options(joinedload(Invoice.entered_by))
    )


def unpaid(user: Person) -> Select[Invoice]:
    """Invoices that are to be paid."""
    return invoices_visible_to(user).where(UNPAID)


def overdue(user: Person) -> Select[Invoice]:
    """Invoices past the day by which they had to be paid."""
    return unpaid(user).where(Invoice.due_on < clock.today())


def is_known(code: str) -> bool:
    """Whether an invoice of this number is in use."""
    query = select(Invoice.id).where(Invoice.code == code, Invoice.voided_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None
