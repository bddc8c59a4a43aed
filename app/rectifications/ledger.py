"""The ledger of rectification (整改台账) as a workbook."""

from collections.abc import Sequence

from flask_babel import gettext

from app.exporting import YUAN, Cell, Sheet, to_xlsx
from app.rectifications import labels
from app.rectifications.models import RectificationItem


def workbook(items: Sequence[RectificationItem]) -> bytes:
    """The items as a workbook."""
    heads = [
        gettext("Engagement"),
        gettext("Unit"),
        gettext("Document number (文号)"),
        gettext("No."),
        gettext("Finding to put right"),
        gettext("What is demanded"),
        gettext("Amount (yuan)"),
        gettext("Due"),
        gettext("State"),
        gettext("What was done, and what came of it"),
        gettext("Times sent back"),
        gettext("Late by working days"),
    ]
    rows: list[Sequence[Cell]] = [
        (
            f"{item.engagement.code} {item.engagement.name}",
            item.unit.name,
            item.notice.document_no,
            item.number,
            item.finding,
            item.demand,
            item.amount_fen / 100,
            item.due_on,
            str(labels.STATES[item.state]),
            item.measure,
            item.returned_count,
            item.late_days,
        )
        for item in items
    ]
    return to_xlsx({gettext("Ledger of rectification"): Sheet(heads, rows, formats={6: YUAN})})
