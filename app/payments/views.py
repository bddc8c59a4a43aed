from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import transaction
from app.engagements import labels as engagement_labels
from app.engagements.models import Engagement
from app.payments import lights, queries, services
from app.payments.forms import InvoiceForm, PaymentForm, PlanForm, VoidForm, fen
from app.payments.models import Instalment, Invoice
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ, PLAN = Permission.PAYMENT_READ, Permission.PAYMENT_PLAN
HAND_IN, RECORD = Permission.INVOICE_HAND_IN, Permission.PAYMENT_RECORD
bp = Blueprint("payments", __name__)


@bp.context_processor
def words() -> dict[str, object]:
    """What the pages of payments say of lights and days."""
    return {"lights": lights, "light_words": engagement_labels.LIGHTS, "today": clock.today()}


@bp.get("/payments")
def index() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    page = page_of(queries.unpaid(actor()).order_by(None), Invoice.id)
    return render_template("payments/index.html", page=page)


@bp.get("/engagements/<int:engagement_id>/payments")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, READ)
    form = PlanForm(data={"once": fresh_token()})
    return plan_page(engagement, form)


def plan_page(engagement: Engagement, form: PlanForm) -> str:
    """The page of a contract's money."""
    return render_template(
        "payments/engagement.html",
        engagement=engagement,
        plan=queries.plan_of(engagement),
        earned=queries.earned_by(engagement),
        form=form,
    )


@bp.post("/engagements/<int:engagement_id>/payments/instalments")
def add_instalments(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, READ)
    gate(PLAN, engagement)
    form = PlanForm()
    if form.validate_on_submit():
        with told_in(form, "rows"), transaction():
            spend(form.once.data)
            services.add_instalments(actor(), engagement, form.told(), form.term_days.data)
    if form.errors:
        return plan_page(engagement, form), 422
    flash(_("The instalments are entered"))
    return redirect(url_for(".of_engagement", engagement_id=engagement_id))


def instalment_for(instalment_id: int) -> Instalment:
    """An instalment for which this person may hand in an invoice."""
    instalment = load(Instalment, instalment_id, READ)
    gate(HAND_IN, instalment)
    return instalment


def invoice_page(instalment: Instalment, form: InvoiceForm) -> str:
    """The page of a new invoice."""
    shown = {"instalment": instalment, "engagement": instalment.engagement, "form": form}
    return render_template("payments/invoice.html", **shown)


@bp.get("/instalments/<int:instalment_id>/invoices/new")
def new_invoice(instalment_id: int) -> ResponseReturnValue:
    instalment = instalment_for(instalment_id)
    left = (instalment.amount_fen - instalment.invoiced_fen) / 100
    today = clock.today()
    told = {"amount": left, "issued_on": today, "received_on": today, "once": fresh_token()}
    return invoice_page(instalment, InvoiceForm(data=told))


@bp.post("/instalments/<int:instalment_id>/invoices")
def hand_in(instalment_id: int) -> ResponseReturnValue:
    instalment, form = instalment_for(instalment_id), InvoiceForm()
    if form.validate_on_submit():
        with told_in(form, "code"), transaction():
            spend(form.once.data)
            services.hand_in_invoice(actor(), instalment, form.told())
    if form.errors:
        return invoice_page(instalment, form), 422
    flash(_("The invoice is handed in; the days to pay run"))
    return redirect(url_for(".of_engagement", engagement_id=instalment.engagement.id))


def invoice_for(invoice_id: int) -> Invoice:
    """An invoice that this person may pay or give back."""
    invoice = load(Invoice, invoice_id, READ)
    gate(RECORD, invoice)
    return invoice


def payment_page(invoice: Invoice, form: PaymentForm, void: VoidForm) -> str:
    """The page on which an invoice is paid or given back."""
    shown = {"invoice": invoice, "engagement": invoice.engagement, "form": form, "void": void}
    return render_template("payments/pay.html", **shown)


@bp.get("/invoices/<int:invoice_id>/payments/new")
def new_payment(invoice_id: int) -> ResponseReturnValue:
    invoice = invoice_for(invoice_id)
    told = {"amount": invoice.left_fen / 100, "paid_on": clock.today(), "once": fresh_token()}
    return payment_page(invoice, PaymentForm(data=told), VoidForm(prefix="void"))


@bp.post("/invoices/<int:invoice_id>/payments")
def pay(invoice_id: int) -> ResponseReturnValue:
    invoice, form = invoice_for(invoice_id), PaymentForm()
    if form.validate_on_submit():
        told = {"paid_on": form.paid_on.data, "voucher": form.voucher.data or ""}
        with told_in(form, "amount"), transaction():
            spend(form.once.data)
            services.record_payment(actor(), invoice, fen(form.amount.data), **told)
    if form.errors:
        return payment_page(invoice, form, VoidForm(prefix="void", formdata=None)), 422
    flash(_("The payment is recorded"))
    return redirect(url_for(".of_engagement", engagement_id=invoice.engagement.id))


@bp.post("/invoices/<int:invoice_id>/return")
def give_back(invoice_id: int) -> ResponseReturnValue:
    invoice, form = invoice_for(invoice_id), VoidForm(prefix="void")
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.void_invoice(actor(), invoice, form.reason.data)
    if form.errors:
        told = {"amount": invoice.left_fen / 100, "once": fresh_token()}
        return payment_page(invoice, PaymentForm(formdata=None, data=told), form), 422
    flash(_("The invoice is given back; the agency is told"))
    return redirect(url_for(".of_engagement", engagement_id=invoice.engagement.id))
