"""What the performance section does in the first month with its own ledgers."""

from collections.abc import Mapping

from app import audit
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.onboarding.contracts import Contracts
from app.onboarding.ledgers import CONTRACTS, Ledger
from app.onboarding.taking import Taker, Tell, nobody_listens
from app.policy import Permission, require
from app.tabular import CellFault, FaultyTable, Table, read_all

SUBJECT = "ledger"


def import_ledger(actor: User, ledger: Ledger, workbook: bytes) -> int:
    """Take in a whole ledger through the ordinary rules, or nothing of it; return its rows.

    FaultyTable names every cell that can't be taken, of the form and of the business alike.
    """
    require(actor, ledger.permission, None)
    require(actor, Permission.ORGANISATION_REGISTER, None)
    return import_rows(actor, ledger, read_all(workbook, ledger.columns, ledger.most_rows))


def import_rows(
    actor: User,
    ledger: Ledger,
    read: tuple[Table, list[CellFault]],
    *,
    tell: Tell = nobody_listens,
) -> int:
    """Take in the rows that were read of a whole ledger, or nothing of it; return how many.

    `tell` hears now and then how many rows are checked, of how many, and how many cells are wrong.
    """
    require(actor, ledger.permission, None)
    require(actor, Permission.ORGANISATION_REGISTER, None)
    table, faults = read
    taker = ledger.taker(actor, table)
    taker.tell = tell
    _take(taker, faults)
    event, count = audit.Event.LEDGER_IMPORTED, len(table.lines)
    audit.record(actor, event, f"{SUBJECT}:{ledger.name}", ledger=ledger.name, rows=count)
    return count


def import_contracts(actor: User, table: Table) -> Mapping[str, Engagement]:
    """Another system sends rows of the ledger of contracts; return what was opened, by number.

    The same rules, all or none: FaultyTable names every value that can't be taken.
    """
    require(actor, CONTRACTS.permission, None)
    require(actor, Permission.ORGANISATION_REGISTER, None)
    taker = Contracts(actor, table)
    _take(taker, [])
    event, name, count = audit.Event.LEDGER_IMPORTED, CONTRACTS.name, len(table.lines)
    audit.record(actor, event, f"{SUBJECT}:{name}", ledger=name, rows=count)
    return taker.entered


def _take(taker: Taker, faults: list[CellFault]) -> None:
    taker.take_all()
    if found := [*faults, *taker.faults]:
        raise FaultyTable(sorted(found, key=lambda fault: (fault.row, fault.column)))
    db.session.flush()
