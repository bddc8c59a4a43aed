"""Relations of an agency as a workbook: blank to be filled in, and read cell by cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.accounts.models import Organisation
from app.conflicts.labels import RELATIONS
from app.conflicts.rules import RelationKind
from app.conflicts.services import NewRelation
from app.exporting import Cell, Sheet, to_xlsx
from app.tabular import CellFault, Column, FaultyTable, Kind, Line, read

MOST_ROWS = 500
COLUMNS = {
    "kind": Column(("关系类型", "What ties them")),
    "party_name": Column(("对方名称", "Name of the other party")),
    "party_code": Column(("统一社会信用代码或识别码", "Credit code"), needed=False, most=40),
    "person": Column(("人员姓名", "Whose former post"), needed=False, most=60),
    "project": Column(("项目名称", "Project"), needed=False),
    "share_percent": Column(("持股比例（%）", "Share in percent"), Kind.WHOLE, False, 100),
    "from_on": Column(("开始日期", "From"), Kind.DAY),
    "until_on": Column(("结束日期", "Until"), Kind.DAY, needed=False),
    "source": Column(("信息来源", "Where this is known from"), most=300),
}
OPTIONAL_TEXTS = ("party_code", "person", "project")


def blank() -> bytes:
    """A workbook to be filled in, with the words for the kinds on a second sheet."""
    heads = [column.heads[0] for column in COLUMNS.values()]
    kinds: list[Sequence[Cell]] = [(str(words),) for words in RELATIONS.values()]
    return to_xlsx(
        {
            gettext("Relations"): Sheet(heads, []),
            gettext("Kinds of relation"): Sheet([gettext("What ties them")], kinds),
        }
    )


def relations_of(data: bytes, organisations: Mapping[str, Organisation]) -> list[NewRelation]:
    """Read the rows; FaultyTable names each cell that can't be taken."""
    table = read(data, COLUMNS, MOST_ROWS)
    kinds = {str(words): kind for kind, words in RELATIONS.items()} | {
        kind.value: kind for kind in RelationKind
    }
    unknown = _("This kind of relation is not known; the second sheet has the words")
    faults: list[CellFault] = [
        table.fault(line, "kind", unknown)
        for line in table.lines
        if line.values["kind"] not in kinds
    ]
    if faults:
        raise FaultyTable(faults)
    return [_new(line, kinds[line.values["kind"]], organisations) for line in table.lines]


def _new(line: Line, kind: RelationKind, organisations: Mapping[str, Organisation]) -> NewRelation:
    told: dict[str, Any] = {**line.values, "kind": kind}
    told |= {name: told[name] or "" for name in OPTIONAL_TEXTS}
    return NewRelation(**told, organisation=organisations.get(told["party_name"]))
