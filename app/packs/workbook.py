"""The pack's workbook, written row by row: its memory does not grow with the lots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.exporting import YUAN, Styles, width_of
from app.packs import labels

Row = Sequence[str | int | float | None]
A4, A3 = 9, 8
MANY = 12  # columns from which a sheet is printed on A3
NARROWEST, WIDEST = 8, 36


class Book:
    """Sheets that grow lot by lot; rows that are written leave the memory, their widths stay."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # late: only packs pay for it

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                   "tmpdir": str(path.parent)}  # fmt: skip
        self.path = path
        self.book = xlsxwriter.Workbook(str(path), options)
        self.styles = Styles(self.book)
        self.rows: dict[str, int] = {}
        self.heads: dict[str, Sequence[str]] = {}
        self.widths: dict[str, list[int]] = {}
        self.sheets = {name: self._sheet(name, heads) for name, heads in labels.sheets().items()}

    def _sheet(self, name: str, heads: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(str(labels.SHEETS[name]))
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A3 if len(heads) > MANY else A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.styles.head)
        self.rows[name], self.heads[name] = 1, heads
        self.widths[name] = [width_of(head) for head in heads]
        return sheet

    def add(self, told: Mapping[str, Any]) -> None:
        """The rows of one lot."""
        self._write("lots", _lot(told))
        for row in told["considered"]:
            self._write("considered", _considered(told, row))
        for draw in told["draws"]:
            self._write("draws", _draw(told, draw))
        for one in told["objections"]:
            self._write("objections", _objection(told, one))
        for one in told["refused"]:
            self._write("refused", _refused(told, one))

    def close(self) -> None:
        """Finish the file: each column as wide as what stands in it, within limits."""
        for name, sheet in self.sheets.items():
            for column, width in enumerate(self.widths[name]):
                sheet.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))
            sheet.autofilter(0, 0, self.rows[name] - 1, len(self.heads[name]) - 1)
        self.book.close()

    def _write(self, name: str, cells: Row) -> None:
        sheet, row = self.sheets[name], self.rows[name]
        for column, cell in enumerate(cells):
            style = self.styles.of(YUAN if isinstance(cell, float) else "")
            if isinstance(cell, int | float):
                sheet.write_number(row, column, cell, style)
            elif cell:
                sheet.write_string(row, column, str(cell)[:32_000], style)
            else:
                sheet.write_blank(row, column, None, style)
            told = f"{cell:,.2f}" if isinstance(cell, float) else str(cell or "")
            self.widths[name][column] = max(self.widths[name][column], width_of(told))
        self.rows[name] = row + 1


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _lot(told: Mapping[str, Any]) -> Row:
    choice = told["choice"] or {}
    approved = choice.get("approved_by") or (_("not approved yet") if choice else "")
    return [
        told["code"],
        told["name"],
        _yuan(told["budget_fen"]),
        told["days"],
        str(labels.STATES[told["state"]]),
        len(told["considered"]),
        sum(row["group"] == "left_out" for row in told["considered"]),
        choice.get("name"),
        _yuan(choice.get("price_fen")),
        choice.get("reason"),
        str(labels.STANDINGS[choice["standing"]]) if choice else "",
        choice.get("ranking"),
        choice.get("outside_reason"),
        choice.get("decided_by"),
        approved,
        choice.get("public_until"),
        choice.get("contract_no"),
        choice.get("result_url"),
    ]


def _considered(told: Mapping[str, Any], row: Mapping[str, Any]) -> Row:
    figures, bid = row["ranking"] or {}, row.get("bid") or {}
    ties = "\n".join(one["words"] for one in row["conflicts"])
    return [
        told["code"],
        row["name"],
        row["credit_code"],
        str(labels.GROUPS[row["group"]]),
        str(labels.RULES[row["rule"]]) if row["rule"] else "",
        figures.get("rank"),
        figures.get("rank_low"),
        figures.get("rank_high"),
        figures.get("score"),
        figures.get("low"),
        figures.get("high"),
        row.get("load"),
        row.get("in_field"),
        row.get("weight"),
        row.get("place"),
        _yuan(bid.get("price_fen")),
        bid.get("sha256"),
        ties,
    ]


def _draw(told: Mapping[str, Any], draw: Mapping[str, Any]) -> Row:
    names = ("draw_id", "attempt", "beacon_id", "list_digest", "commitment", "ranking", "void",
             "file")  # fmt: skip
    return [told["code"], *(draw[name] for name in names), len(draw["entries"])]


def _objection(told: Mapping[str, Any], one: Mapping[str, Any]) -> Row:
    names = ("words", "answer_due_on", "answer", "complaint", "decision")
    filed = labels.moment(one["filed_at"])
    return [told["code"], one["agency"], filed, *(one[name] for name in names)]


def _refused(told: Mapping[str, Any], one: Mapping[str, Any]) -> Row:
    what = str(labels.REFUSED[one["event"]])
    return [told["code"], one["name"], what, one["words"], labels.moment(one["at"])]
