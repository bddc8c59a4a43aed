"""Lists of material as workbooks: a list that comes in, and the ledger of what was received."""

from collections.abc import Sequence

from flask_babel import gettext

from app.display import local_time
from app.exporting import Cell, Sheet, to_xlsx
from app.requests import labels
from app.requests.models import DocumentRequest
from app.requests.services import MOST_ITEMS, NewItem
from app.tabular import Column, Kind, read

COLUMNS = {
    "title": Column(("资料名称", "What is asked for", "名称")),
    "description": Column(("说明", "What is meant", "备注"), needed=False, most=1000),
    "working_days": Column(
        ("提供期限（工作日）", "Working days", "工作日", "期限"), Kind.WHOLE, needed=False, most=250
    ),
}


def items_of(data: bytes) -> list[NewItem]:
    """Read the items of a list; FaultyTable names each cell that can't be taken."""
    table = read(data, COLUMNS, MOST_ITEMS)
    rows = [line.values for line in table.lines]
    return [
        NewItem(row["title"], row["description"] or "", row["working_days"] or 5) for row in rows
    ]


def blank() -> bytes:
    """A workbook to be filled in."""
    rows: list[Sequence[Cell]] = [("项目管理制度", "资金管理办法、内部控制制度", 5)]
    heads = [COLUMNS[name].heads[0] for name in COLUMNS]
    return to_xlsx({gettext("Document request"): Sheet(heads, rows)})


def ledger(requests: Sequence[DocumentRequest]) -> tuple[bytes, int]:
    """The ledger of material received (收资台账) and how many rows it has."""
    heads = [
        gettext("List number"),
        gettext("Unit"),
        gettext("Part of the work"),
        gettext("No."),
        gettext("What is asked for"),
        gettext("Due"),
        gettext("State"),
        gettext("Supplied at"),
        gettext("Late by working days"),
        gettext("Times sent back"),
        gettext("Files"),
        gettext("SHA-256"),
        gettext("Remark"),
    ]
    rows: list[Sequence[Cell]] = [
        (
            request.number,
            request.unit.name,
            str(labels.PHASES[request.phase]),
            item.number,
            item.title,
            item.due_on,
            str(labels.STATES[item.state]),
            local_time(item.supplied_at) if item.supplied_at else "",
            item.late_days,
            item.returned_count,
            "\n".join(file.file_name for file in item.living_files),
            "\n".join(file.sha256 for file in item.living_files),
            item.words,
        )
        for request in requests
        for item in request.items
    ]
    name = gettext("Ledger of material received")
    return to_xlsx({name: Sheet(heads, rows, title=name)}), len(rows)
