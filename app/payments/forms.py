from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.listed import ListedRow
from app.payments.services import LONGEST_TERM, USUAL_TERM, NewInstalment, NewInvoice

GREATEST_YUAN = 10**10
DECIMAL = {"inputmode": "decimal"}


def fen(amount: Decimal | None) -> int:
    """Yuan as fen."""
    return round((amount or Decimal(0)) * 100)


def amount_field(label: object) -> DecimalField:
    """An amount in yuan that must be entered."""
    bounds = NumberRange(0.01, GREATEST_YUAN, _("Enter an amount"))
    return DecimalField(label, [InputRequired(_("Enter an amount")), bounds], render_kw=DECIMAL)


class InstalmentRow(ListedRow):
    """One instalment; a row without words is left out."""

    condition = StringField(_("Condition of payment"), [Length(max=200)])
    amount = DecimalField(
        _("Sum (yuan)"),
        [Optional(), NumberRange(0, GREATEST_YUAN, _("Enter an amount"))],
        render_kw=DECIMAL,
    )
    planned_on = DateField(_("Planned on"), [Optional()])


class PlanForm(FlaskForm):
    """How the contract is paid."""

    rows = FieldList(FormField(InstalmentRow), _("Instalments"), min_entries=3, max_entries=12)
    term_days = IntegerField(
        _("Days to pay, from receipt of the invoice"),
        [InputRequired(_("Enter the days")), NumberRange(1, LONGEST_TERM, _("From 1 to 60 days"))],
        default=USUAL_TERM,
        description=_("30 days by law; at most 60 where the contract agrees it"),
    )
    once = HiddenField()

    def told(self) -> list[NewInstalment]:
        """The rows that were filled in."""
        rows = [row.form for row in self.rows if (row.form.condition.data or "").strip()]
        return [
            NewInstalment(row.condition.data, fen(row.amount.data), row.planned_on.data)
            for row in rows
        ]


class InvoiceForm(FlaskForm):
    """What stands on an invoice."""

    code = StringField(
        _("Number of the invoice"),
        [DataRequired(_("Enter the number of the invoice")), Length(max=30)],
    )
    amount = amount_field(_("Sum (yuan)"))
    issued_on = DateField(_("Day of the invoice"), [InputRequired(_("Enter a day"))])
    received_on = DateField(_("Received on"), [InputRequired(_("Enter a day"))])
    once = HiddenField()

    def told(self) -> NewInvoice:
        """The invoice as it was filled in."""
        days = (self.issued_on.data, self.received_on.data)
        return NewInvoice(self.code.data, fen(self.amount.data), *days)


class PaymentForm(FlaskForm):
    """What went out."""

    amount = amount_field(_("Sum (yuan)"))
    paid_on = DateField(_("Paid on"), [InputRequired(_("Enter a day"))])
    voucher = StringField(_("Number of the voucher"), [Length(max=60)])
    once = HiddenField()


class VoidForm(FlaskForm):
    """Why an invoice is given back."""

    reason = TextAreaField(
        _("Reason"), [DataRequired(_("Say why")), Length(max=1000)], render_kw={"rows": 3}
    )
