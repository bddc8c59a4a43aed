"""The filtered board as 台账 in a spreadsheet."""

from flask_babel import gettext as _

from app import audit, exporting
from app.accounts.models import User
from app.engagements.labels import stage_label, template_label
from app.pages import board
from app.pages.labels import due_words
from app.policy import Permission, require

MOST = 20_000


def export(actor: User, filters: board.Filters) -> bytes:
    """The rows that the person sees under these filters, as XLSX; the export is on record."""
    require(actor, Permission.BOARD_EXPORT, None)
    rows, _more = board.rows(actor, filters, size=MOST)
    lines = [line_of(row) for row in rows]
    audit.record(actor, audit.Event.BOARD_EXPORTED, f"user_account:{actor.id}", rows=len(lines))
    return exporting.to_xlsx({_("Engagement ledger"): exporting.Sheet(heads(), lines)})


def heads() -> list[str]:
    """What stands above the columns."""
    return [
        _("Number"),
        _("Engagement"),
        _("Agency"),
        _("Type"),
        _("Funds (CNY)"),
        _("Present stage"),
        _("Due date"),
        _("Due"),
        _("Papers"),
        _("To review"),
        _("Open opinions"),
        _("Refusals"),
        _("Warnings"),
        _("Reminders"),
        _("Looked after by"),
        _("Site visits"),
        _("Interviews"),
        _("Questionnaires sent"),
        _("Questionnaires returned"),
        _("Person-days"),
    ]


def line_of(row: board.Row) -> tuple[exporting.Cell, ...]:
    """One engagement as a line of the ledger."""
    return (
        row.code,
        row.name,
        row.agency,
        str(template_label(row.template_code, row.template)),
        row.amount_fen / 100,
        str(stage_label(row.stage_code, row.stage)),
        row.due_on,
        due_words(row.days_left),
        row.papers,
        row.awaiting,
        row.opinions,
        row.refusals,
        row.alerts,
        row.reminded,
        row.officer,
        row.work.visits,
        row.work.interviews,
        row.work.sent,
        row.work.returned,
        float(row.work.days),
    )
