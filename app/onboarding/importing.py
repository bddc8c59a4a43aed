"""Large ledgers: sent in, then taken in by the background, whole or not at all.

The workbook is kept encrypted in its row, and only until it was taken or refused. What a killed
worker had begun is undone with its transaction, and the next one begins anew.
"""

from base64 import b64decode, b64encode
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, end_read, lock, transaction
from app.errors import Conflict, PortalError
from app.long_tables import read_long
from app.onboarding import queries, services
from app.onboarding.ledgers import LEDGERS, Ledger
from app.onboarding.models import LedgerImport
from app.policy import Permission, require
from app.queueing import Work, can_do, enqueue, progress
from app.tabular import FaultyTable

WORK = "ledger import"
AT_ONCE = 500  # rows that a person waits for; more are taken in behind
LEASE_SECONDS = 3600
GIVEN_UP = _(
    "The background failed several times; nothing was saved. Send it once more; if that "
    "fails too, tell the system administrator"
)


def join() -> None:
    """Say what is done in the background."""
    can_do(Work(WORK, _("Take in large ledgers"), take_in, LEASE_SECONDS, 3, give_up))


def ask_import(actor: User, ledger: Ledger, workbook: bytes) -> LedgerImport:
    """The performance section has a large ledger taken in, one of its kind at a time."""
    require(actor, ledger.permission, None)
    require(actor, Permission.ORGANISATION_REGISTER, None)
    if queries.under_way(ledger.name) is not None:
        raise Conflict(_("A ledger of this kind is being taken in already"))
    made = LedgerImport(
        ledger=ledger.name,
        asked_at=clock.now(),
        asked_by=actor,
        workbook=b64encode(workbook).decode("ascii"),
        faults=[],
    )
    db.session.add(made)
    db.session.flush()
    enqueue(WORK, import_id=made.id)
    audit.record(actor, audit.Event.LEDGER_SENT, made, ledger=ledger.name)
    return made


def take_in(import_id: int) -> None:
    """Take a ledger in; called again after a kill it begins anew, and done it does nothing."""
    found = db.session.get(LedgerImport, import_id)
    if found is None or found.workbook is None or not found.is_under_way:
        return
    workbook, ledger = b64decode(found.workbook), LEDGERS[found.ledger]
    tongue = _tongue(found)
    end_read()
    with force_locale(tongue):  # cells hold the portal's words in the sender's own language
        try:
            _take_in(import_id, ledger, workbook)
        except FaultyTable as refusal:
            told = [[one.row, one.column, str(one.words)] for one in refusal.faults]
            _refuse(import_id, str(refusal.message), told)
        except PortalError as refusal:
            _refuse(import_id, str(refusal.message), [])
    progress.forget(WORK, import_id)


def _take_in(import_id: int, ledger: Ledger, workbook: bytes) -> None:
    def tell(checked: int, rows: int, wrong: int) -> None:
        progress.tell(WORK, import_id, checked=checked, rows=rows, wrong=wrong)

    read = read_long(workbook, ledger.columns, ledger.most_rows)
    tell(0, len(read[0].lines), len(read[1]))
    with transaction():
        found = db.session.get_one(LedgerImport, import_id)
        lock(found)
        if found.is_under_way:
            found.rows = services.import_rows(found.asked_by, ledger, read, tell=tell)
            found.done_at, found.workbook = clock.now(), None


def give_up(import_id: int) -> None:
    """It failed or its worker was killed too often: the sender is told, and the workbook goes."""
    found = db.session.get_one(LedgerImport, import_id)
    if found.is_under_way:
        with force_locale(_tongue(found)):
            found.error = str(GIVEN_UP)[:300]
        found.failed_at, found.workbook = clock.now(), None


def _tongue(found: LedgerImport) -> str:
    return found.asked_by.locale or str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _refuse(import_id: int, words: str, faults: list[Any]) -> None:
    end_read()
    with transaction():
        found = db.session.get_one(LedgerImport, import_id)
        if found.is_under_way:
            found.failed_at, found.error, found.faults = clock.now(), words[:300], faults
            found.workbook = None
