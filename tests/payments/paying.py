"""Instalments and invoices for tests."""

from app import clock
from app.db import transaction
from app.payments import services
from app.payments.services import NewInstalment, NewInvoice


def planned(officer, engagement, shares=(50, 50)):
    rows = [NewInstalment(f"第{n}期", engagement.fee_fen * each // 100)
            for n, each in enumerate(shares, 1)]  # fmt: skip
    with transaction():
        return services.add_instalments(officer, engagement, rows, 30)


def invoiced(lead, instalment, code="26330001", amount=None):
    today = clock.today()
    with transaction():
        new = NewInvoice(code, amount or instalment.amount_fen, today, today)
        return services.hand_in_invoice(lead, instalment, new)
