"""The light of an invoice: red when the days to pay are over, yellow when few are left."""

from datetime import date

from app.engagements.progress import Light, light
from app.payments.models import Invoice


def light_of(invoice: Invoice, today: date) -> Light:
    """No light once it is paid or given back."""
    return light(invoice.due_on, today) if invoice.left_fen else Light.NONE


def days_taken(invoice: Invoice, today: date) -> int:
    """Days from the receipt to the payment that settled it, or until today."""
    return ((invoice.paid_off_on or today) - invoice.received_on).days
