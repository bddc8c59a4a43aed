"""What people do about the money of a contract. Each public function is one action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.engagements import moves, telling
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.payments import queries
from app.payments.models import Instalment, Invoice, Payment, PaymentPlan
from app.policy import Permission, require

USUAL_TERM, LONGEST_TERM = 30, 60  # days, 保障中小企业款项支付条例
MOST_INSTALMENTS = 12


@dataclass(frozen=True)
class NewInstalment:
    """One part of the fee as the contract has it."""

    condition: str
    amount_fen: int
    planned_on: date | None = None


@dataclass(frozen=True)
class NewInvoice:
    """What stands on an invoice, and when it was received."""

    code: str
    amount_fen: int
    issued_on: date
    received_on: date


def add_instalments(
    actor: User, engagement: Engagement, rows: Sequence[NewInstalment], term_days: int
) -> PaymentPlan:
    """The section enters how the contract is paid; all instalments together stay within the fee."""
    moves.hold(engagement)
    require(actor, Permission.PAYMENT_PLAN, engagement)
    plan = queries.plan_of(engagement) or _new_plan(actor, engagement)
    _check_rows(plan, rows, term_days)
    plan.term_days = term_days
    for number, row in enumerate(rows, start=len(plan.instalments) + 1):
        condition = row.condition.strip()
        told = {"amount_fen": row.amount_fen, "planned_on": row.planned_on}
        plan.instalments.append(Instalment(number=number, condition=condition, **told))
    plan.planned_fen += sum(row.amount_fen for row in rows)
    db.session.add(plan)
    db.session.flush()
    told = {"instalments": len(rows), "amount_fen": plan.planned_fen, "days": term_days}
    audit.record(actor, audit.Event.INSTALMENTS_ADDED, plan, scope=engagement, **told)
    return plan


def hand_in_invoice(actor: User, instalment: Instalment, new: NewInvoice) -> Invoice:
    """The agency hands in an invoice; the days within which to pay count from its receipt."""
    moves.hold(instalment.engagement)
    require(actor, Permission.INVOICE_HAND_IN, instalment)
    _check_invoice(instalment, new)
    plan = instalment.plan
    invoice = Invoice(
        instalment=instalment,
        code=new.code.strip(),
        amount_fen=new.amount_fen,
        issued_on=new.issued_on,
        received_on=new.received_on,
        due_on=new.received_on + timedelta(days=plan.term_days),
        entered_by_id=actor.id,
        entered_at=clock.now(),
    )
    instalment.invoiced_fen += new.amount_fen
    plan.invoiced_fen += new.amount_fen
    db.session.add(invoice)
    telling.tell_client(plan.engagement, Kind.INVOICE_HANDED_IN, invoice=invoice.code)
    _record(actor, audit.Event.INVOICE_HANDED_IN, invoice, due_on=invoice.due_on)
    return invoice


def void_invoice(actor: User, invoice: Invoice, reason: str) -> None:
    """The bureau or client gives back an unpaid invoice, with the reason; its number stays."""
    moves.hold(invoice.engagement)
    require(actor, Permission.PAYMENT_RECORD, invoice)
    if invoice.voided_at is not None or invoice.paid_fen:
        raise Conflict(_("This invoice was paid or given back already"))
    if not reason.strip():
        raise Invalid(_("Say why"), field="reason")
    invoice.voided_at, invoice.voided_by_id = clock.now(), actor.id
    invoice.void_reason = reason.strip()
    invoice.instalment.invoiced_fen -= invoice.amount_fen
    invoice.instalment.plan.invoiced_fen -= invoice.amount_fen
    telling.tell_agency(invoice.engagement, Kind.INVOICE_RETURNED, invoice=invoice.code)
    _record(actor, audit.Event.INVOICE_VOIDED, invoice, reason=invoice.void_reason)


def record_payment(
    actor: User, invoice: Invoice, amount_fen: int, *, paid_on: date, voucher: str = ""
) -> Payment:
    """The bureau or client records what went out for an invoice, never more than it says."""
    moves.hold(invoice.engagement)
    require(actor, Permission.PAYMENT_RECORD, invoice)
    if not 0 < amount_fen <= invoice.left_fen:
        words = _("Of this invoice less is left to pay")
        raise Invalid(words, field="amount")
    if not invoice.issued_on <= paid_on <= clock.today():
        raise Invalid(_("Enter a day from the invoice to today"), field="paid_on")
    told = {"entered_by_id": actor.id, "entered_at": clock.now(), "voucher": voucher.strip()}
    payment = Payment(paid_on=paid_on, amount_fen=amount_fen, **told)
    invoice.payments.append(payment)
    invoice.paid_fen += amount_fen
    invoice.instalment.plan.paid_fen += amount_fen
    invoice.paid_off_on = None if invoice.left_fen else paid_on
    telling.tell_agency(invoice.engagement, Kind.INVOICE_PAID, invoice=invoice.code)
    _record(actor, audit.Event.PAYMENT_RECORDED, invoice, paid_on=paid_on, paid_fen=amount_fen)
    return payment


def _new_plan(actor: User, engagement: Engagement) -> PaymentPlan:
    return PaymentPlan(
        engagement=engagement,
        fee_fen=engagement.fee_fen,
        planned_fen=0,
        term_days=USUAL_TERM,
        made_by_id=actor.id,
        made_at=clock.now(),
    )


def _check_rows(plan: PaymentPlan, rows: Sequence[NewInstalment], term_days: int) -> None:
    if not rows or len(plan.instalments) + len(rows) > MOST_INSTALMENTS:
        words = _("Enter from 1 to %(n)s instalments", n=MOST_INSTALMENTS)
        raise Invalid(words, field="rows")
    if any(not row.condition.strip() or row.amount_fen <= 0 for row in rows):
        raise Invalid(_("Each instalment has its condition and an amount"), field="rows")
    if not 1 <= term_days <= LONGEST_TERM:
        raise Invalid(_("From 1 to %(n)s days", n=LONGEST_TERM), field="term_days")
    if plan.planned_fen + sum(row.amount_fen for row in rows) > plan.fee_fen:
        raise Invalid(_("All instalments together are more than the contract's fee"), field="rows")


def _check_invoice(instalment: Instalment, new: NewInvoice) -> None:
    if not new.code.strip():
        raise Invalid(_("Enter the number of the invoice"), field="code")
    if not 0 < new.amount_fen <= instalment.amount_fen - instalment.invoiced_fen:
        raise Invalid(_("The invoices are more than the instalment"), field="amount")
    if not clock.FIRST_DAY <= new.issued_on <= new.received_on <= clock.today():
        words = _("An invoice is received after its day, and not after today")
        raise Invalid(words, field="received_on")
    if queries.is_known(new.code.strip()):
        raise Invalid(_("This invoice was handed in already"), field="code")


def _record(actor: User, event: audit.Event, invoice: Invoice, **facts: object) -> None:
    told = {"invoice": invoice.code, "amount_fen": invoice.amount_fen}
    audit.record(actor, event, invoice, scope=invoice.engagement, **told, **facts)
