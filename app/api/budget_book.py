"""A workbook of the province's budget system: a year's commissions, and what became of them.

The heads below are those of an invented export (演示); another system's are named in a file.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADS = {
    "number": "委托合同编号",
    "name": "委托项目名称",
    "template": "评价类型",
    "agency": "受托机构",
    "lead_evaluator": "主评人",
    "client": "委托方",
    "fee_fen": "合同金额（万元）",
    "signed_on": "合同签订日期",
    "ends_on": "合同完成期限",
    "project": "预算项目名称",
    "amount_fen": "预算金额（万元）",
    "section": "归口业务科室",
    "unit": "预算单位",
}
CODE = "星评编号"
RESULTS = (
    "星评状态",
    "验收日期",
    "评价得分",
    "评价等次",
    "建议核减（元）",
    "决定核减（元）",
    "决定文号",
)
FEN = Decimal(1_000_000)  # in ten thousand yuan
STATES = {
    "open": "进行中", "acceptance": "待验收", "accepted": "已验收", "refused": "验收不通过",
    "terminated": "已终止", "closed": "已归档",
}  # fmt: skip
GRADES = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}
HEAD_ROWS = 10


class Unreadable(ValueError):
    """The workbook can't be read as one of commissions."""


@dataclass(frozen=True)
class Line:
    """One row: its number in the workbook, what it says, and the code that it got before."""

    number: int
    values: dict[str, Any]
    code: str


class Book:
    """The first sheet of a workbook that was opened to be read and written."""

    def __init__(self, data: bytes, heads: Mapping[str, str] = HEADS) -> None:
        self.heads = heads
        self.book: Workbook = load_workbook(io.BytesIO(data))
        self.sheet: Worksheet = self.book.worksheets[0]
        self.head_row, self.places = self._find_heads()

    def _find_heads(self) -> tuple[int, dict[str, int]]:
        for number, cells in enumerate(self.sheet.iter_rows(max_row=HEAD_ROWS), start=1):
            texts = [str(cell.value or "").strip() for cell in cells]
            found = {head: place for place, head in enumerate(texts, start=1) if head}
            if set(self.heads.values()) <= set(found):
                return number, found
        raise Unreadable("找不到表头：" + "、".join(self.heads.values()))

    def lines(self) -> Iterator[Line]:
        """The rows that hold anything."""
        for row in range(self.head_row + 1, self.sheet.max_row + 1):
            values = {name: self._told(name, row) for name in self.heads}
            if any(value is not None for value in values.values()):
                yield Line(row, values, str(self.cell(row, CODE).value or "").strip())

    def cell(self, row: int, head: str) -> Any:
        """The cell under a head; a new head is added at the right."""
        if head not in self.places:
            self.places[head] = self.sheet.max_column + 1
            self.sheet.cell(self.head_row, self.places[head], head)
        return self.sheet.cell(row, self.places[head])

    def _told(self, name: str, row: int) -> Any:
        value = self.cell(row, self.heads[name]).value
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if name.endswith("_fen"):
            return in_fen(value)
        if isinstance(value, datetime):
            value = value.date()
        return value.isoformat() if isinstance(value, date) else str(value).strip()

    def write(self, row: int, told: Mapping[str, Any]) -> None:
        """Write under these heads in a row; text that begins like a formula stays text."""
        for head, value in told.items():
            cell = self.cell(row, head)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"

    def saved(self) -> bytes:
        """The workbook as it stands now."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def in_fen(value: Any) -> Any:
    """An amount of ten thousand yuan in fen; what is no amount stays as it is, to be refused."""
    try:
        amount = Decimal(str(value).replace(",", "")) * FEN
    except InvalidOperation:
        return str(value)
    return int(amount) if amount == amount.to_integral_value() else str(value)


def rows_to_send(lines: Sequence[Line]) -> list[Line]:
    """The rows that the portal doesn't have yet; of a contract all rows or none."""
    known = {line.values["number"] for line in lines if line.code}
    return [line for line in lines if line.values["number"] not in known]


def chunks(lines: Sequence[Line], most: int) -> Iterator[list[Line]]:
    """Rows in portions that the portal takes at once; a contract's rows stay together."""
    contracts: dict[Any, list[Line]] = {}
    for line in lines:
        contracts.setdefault(line.values["number"], []).append(line)
    portion: list[Line] = []
    for rows in contracts.values():
        if portion and len(portion) + len(rows) > most:
            yield portion
            portion = []
        portion = [*portion, *rows]
    if portion:
        yield portion


def result_row(
    engagement: Mapping[str, Any], task: str | None, results: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What is written back beside a project: where its contract stands, its result, its cuts."""
    mine = [one for one in results if one["project"] == task and one["voided_at"] is None]
    result: Mapping[str, Any] = mine[-1] if mine else {}
    accepted = engagement["accepted_at"]
    told = (
        STATES[engagement["state"]],
        accepted[:10] if accepted else None,
        result.get("score"),
        GRADES.get(result.get("grade", "")),
        in_yuan(result.get("proposed_cut_fen")),
        in_yuan(result.get("decided_cut_fen")),
        result.get("decision_no"),
    )
    return dict(zip(RESULTS, told, strict=True))


def in_yuan(fen: int | None) -> Decimal | None:
    """An amount in yuan."""
    return None if fen is None else Decimal(fen) / 100
