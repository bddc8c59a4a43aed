"""A year's commissions from another system: rows of the ledger of contracts, sent as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.api.shaping import Fault, Faulty, Told
from app.engagements.models import IssuedBy
from app.onboarding import services
from app.onboarding.ledgers import CONTRACTS, MOST_YUAN
from app.tabular import FaultyTable, Line, Table

MOST_FEN = MOST_YUAN * 100
MOST_ROWS = 500
IN_FEN = {"fee": "fee_fen", "amount": "amount_fen"}  # the ledger's columns, and what they are here


@dataclass(frozen=True)
class ContractRow:
    """One project under a contract; rows with one contract number are one engagement's tasks."""

    number: Annotated[str, Told(_("The contract's number"), 1, 60)]
    name: Annotated[str, Told(_("The engagement's name"), 1, 200)]
    template: Annotated[str, Told(_("The name of the template"), 1, 80)]
    agency: Annotated[str, Told(_("The agency's name"), 1, 200)]
    lead_evaluator: Annotated[str, Told(_("The lead evaluator's name"), 1, 60)]
    client: Annotated[str, Told(_("The commissioning party's name"), 1, 200)]
    fee_fen: Annotated[int, Told(_("The fee in fen"), 1, MOST_FEN)]
    signed_on: Annotated[date, Told(_("Day of the signature"))]
    ends_on: Annotated[date, Told(_("Last day by the contract"))]
    project: Annotated[str, Told(_("The evaluated project"), 1, 200)]
    amount_fen: Annotated[int, Told(_("Its amount in fen"), 0, MOST_FEN)]
    section: Annotated[str, Told(_("The business section in charge, by name"), 1, 200)]
    unit: Annotated[str | None, Told(_("The evaluated unit, by name"), 1, 200)] = None
    starts_on: Annotated[date | None, Told(_("First day of the work; else the signature's"))] = None
    issued_by: Annotated[IssuedBy | None, Told(_("In whose name the report goes out"))] = None
    stage: Annotated[str | None, Told(_("The stage that the work is at, by name"), 1, 40)] = None
    finished_on: Annotated[date | None, Told(_("When it was accepted, where it was"))] = None


@dataclass(frozen=True)
class ContractRows:
    """Contracts that come in together, or not at all."""

    rows: Annotated[list[ContractRow], Told(_("The rows"), 1, MOST_ROWS)]


@dataclass(frozen=True)
class Entered:
    """An engagement that was opened, and the contract number that it was sent with."""

    number: Annotated[str, Told(_("The contract's number"))]
    id: Annotated[int, Told(_("The portal's number of the engagement"))]
    code: Annotated[str, Told(_("Its number on pages and documents"))]


@dataclass(frozen=True)
class Import:
    """What was opened."""

    rows: Annotated[int, Told(_("How many rows were taken"))]
    engagements: Annotated[list[Entered], Told(_("The engagements, in the order of their rows"))]


def take(actor: User, sent: ContractRows) -> Import:
    """Open the engagements through the ledger's own rules, all or none; Faulty names what stops."""
    letters = {name: IN_FEN.get(name, name) for name in CONTRACTS.columns}
    lines = [Line(number, _values(row)) for number, row in enumerate(sent.rows)]
    try:
        entered = services.import_contracts(actor, Table(lines, letters))
    except FaultyTable as refusal:
        raise Faulty(
            [Fault(f"/rows/{one.row}/{one.column}", str(one.words)) for one in refusal.faults]
        ) from refusal
    told = [Entered(number, one.id, one.code) for number, one in entered.items()]
    return Import(len(lines), told)


def _values(row: ContractRow) -> Mapping[str, Any]:
    """A row as the ledger has it: amounts in yuan, texts without blanks around them."""
    told = asdict(row)
    for column, name in IN_FEN.items():
        told[column] = Decimal(told.pop(name)) / 100
    issued_by = told["issued_by"]
    told["issued_by"] = issued_by.value if issued_by else None
    return {name: each.strip() if isinstance(each, str) else each for name, each in told.items()}
