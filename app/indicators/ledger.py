"""The use of results of one budget year as a workbook: each row, and their sums below."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from app.exporting import YUAN, Cell, Sheet, to_xlsx
from app.indicators.labels import GRADES
from app.indicators.models import ResultUse


def as_workbook(rows: Sequence[ResultUse], year: int) -> bytes:
    """Return the ledger; amounts in yuan, exact to the fen."""
    lines = [_line(row) for row in rows]
    title = _("Use of results, budget %(year)s", year=year)
    sheet = Sheet(
        _heads(), [*lines, _sums(rows)], title=title, formats={4: "0.##", 6: YUAN, 7: YUAN}
    )
    return to_xlsx({_("Use of results"): sheet})


def _heads() -> list[str]:
    return [
        _("Number"),
        _("Engagement"),
        _("Project"),
        _("Evaluated unit"),
        _("Project score"),
        _("Project grade"),
        _("Proposed cut (yuan)"),
        _("Decided cut (yuan)"),
        _("Number of the document"),
        _("Decided by"),
        _("Decided on"),
    ]


def _line(row: ResultUse) -> tuple[Cell, ...]:
    unit = row.task.unit.name if row.task.unit else None
    named = (row.engagement.code, row.engagement.name, row.task.project, unit)
    judged = (row.score, str(GRADES[row.grade]))
    cuts = (_yuan(row.proposed_cut_fen), _yuan(row.decided_cut_fen))
    return (*named, *judged, *cuts, row.decision_no, row.decider, row.decided_on)


def _sums(rows: Sequence[ResultUse]) -> tuple[Cell, ...]:
    proposed = sum(row.proposed_cut_fen for row in rows)
    decided = sum(row.decided_cut_fen or 0 for row in rows)
    blank = ("", "", "", None, "")
    return (_("Total"), *blank, _yuan(proposed), _yuan(decided), "", "", None)


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100
