"""The filtered board as 台账 in a spreadsheet."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from app import audit, exporting
from app.accounts.models import User
from app.engagements.labels import stage_label, template_label
from app.errors import Words
from app.pages import board
from app.pages.labels import due_words
from app.policy import Permission, require

MOST = 20_000
# What stands above each column, and what the row says there.
COLUMNS: tuple[tuple[Words, Callable[[board.Row], exporting.Cell]], ...] = (
    (_("Number"), lambda row: row.code),
    (_("Engagement"), lambda row: row.name),
    (_("Agency"), lambda row: row.agency),
    (_("Type"), lambda row: str(template_label(row.template_code, row.template))),
    (_("Funds (CNY)"), lambda row: row.amount_fen / 100),
    (_("Present stage"), lambda row: str(stage_label(row.stage_code, row.stage))),
    (_("Due date"), lambda row: row.due_on),
    (_("Due"), lambda row: due_words(row.days_left)),
    (_("Papers"), lambda row: row.papers),
    (_("To review"), lambda row: row.awaiting),
    (_("Open opinions"), lambda row: row.opinions),
    (_("Refusals"), lambda row: row.refusals),
    (_("Warnings"), lambda row: row.alerts),
    (_("Reminders"), lambda row: row.reminded),
    (_("Looked after by"), lambda row: row.officer),
    (_("Site visits"), lambda row: row.work.visits),
    (_("Interviews"), lambda row: row.work.interviews),
    (_("Questionnaires sent"), lambda row: row.work.sent),
    (_("Questionnaires returned"), lambda row: row.work.returned),
    (_("Person-days"), lambda row: float(row.work.days)),
)


def export(actor: User, filters: board.Filters) -> bytes:
    """The rows that the person sees under these filters, as XLSX; the export is on record."""
    require(actor, Permission.BOARD_EXPORT, None)
    rows, _more = board.rows(actor, filters, size=MOST)
    lines = [tuple(said(row) for _head, said in COLUMNS) for row in rows]
    audit.record(actor, audit.Event.BOARD_EXPORTED, f"user_account:{actor.id}", rows=len(lines))
    heads = [str(head) for head, _said in COLUMNS]
    return exporting.to_xlsx({str(_("Engagement ledger")): exporting.Sheet(heads, lines)})
