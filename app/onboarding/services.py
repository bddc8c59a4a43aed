"""What the performance section does in the first month with its own ledgers."""

from app import audit
from app.accounts.models import User
from app.db import db
from app.onboarding.ledgers import Ledger
from app.policy import Permission, require
from app.tabular import FaultyTable, read_all

SUBJECT = "ledger"


def import_ledger(actor: User, ledger: Ledger, workbook: bytes) -> int:
    """Take in a whole ledger through the ordinary rules, or nothing of it; return its rows.

    FaultyTable names every cell that can't be taken, of the form and of the business alike.
    """
    require(actor, ledger.permission, None)
    require(actor, Permission.ORGANISATION_REGISTER, None)
    table, faults = read_all(workbook, ledger.columns, ledger.most_rows)
    taker = ledger.taker(actor, table)
    taker.take_all()
    if found := [*faults, *taker.faults]:
        raise FaultyTable(sorted(found, key=lambda fault: (fault.row, fault.column)))
    db.session.flush()
    event, count = audit.Event.LEDGER_IMPORTED, len(table.lines)
    audit.record(actor, event, f"{SUBJECT}:{ledger.name}", ledger=ledger.name, rows=count)
    return count
