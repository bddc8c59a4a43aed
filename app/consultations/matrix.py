"""The table of opinions and answers (意见采纳情况表) as a workbook and for print."""

from collections.abc import Sequence

from flask_babel import gettext

from app.consultations import labels
from app.consultations.models import Consultation, Opinion
from app.consultations.scores import Move, moves, points_of
from app.exporting import Cell, Sheet, to_xlsx


def moves_of(consultation: Consultation) -> list[Move]:
    """The scores that moved since the sending: until the closing, or until now."""
    after = consultation.scores_after
    now = points_of(consultation.engagement) if after is None else after
    return moves(consultation.scores_before, now)


def heads() -> list[str]:
    """The columns of the table."""
    told = [gettext("No."), gettext("Page or indicator"), gettext("Opinion of the unit")]
    told += [gettext("Adoption"), gettext("Reason, and what was changed"), gettext("Scores")]
    return told


def rows(consultation: Consultation, moved: Sequence[Move]) -> list[tuple[Cell, ...]]:
    """The lines of the table; who may not see scores gets none of `moved`."""
    by_row = {one.row: one for one in moved}
    return [
        (
            one.number,
            one.place,
            one.body,
            str(labels.VERDICTS[one.verdict]) if one.verdict else gettext("not yet answered"),
            one.reason,
            scores_of(one, by_row),
        )
        for one in consultation.opinions
    ]


def scores_of(opinion: Opinion, by_row: dict[str, Move]) -> str:
    """The scores that an opinion moved, before and after."""
    known = [by_row[row] for row in opinion.changed if row in by_row]
    return "；".join(f"{one.row} {one.before}→{one.after}" for one in known)


def workbook(consultation: Consultation, moved: Sequence[Move]) -> bytes:
    """The table as a workbook."""
    title = f"{consultation.engagement.name} · {consultation.unit.name}"
    name = gettext("Opinions and answers")
    sheet = Sheet(heads(), rows(consultation, moved), title=title, widths={2: 50, 4: 50})
    return to_xlsx({name: sheet})
