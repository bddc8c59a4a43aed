"""Numbers and addresses of the province's platform: out as a workbook, back in all or none.

The platform has no interface for a district's own portal, so the workbook goes between them by
hand: 采购计划编号, 公告链接, 结果公告链接, 合同编号, a row a lot.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import audit
from app.accounts.models import User
from app.db import db, lock
from app.errors import Invalid, Words
from app.exporting import Cell, Sheet, to_xlsx
from app.policy import Permission, require
from app.procurement.labels import METHODS
from app.procurement.models import Award, Lot, Need
from app.tabular import CellFault, Column, FaultyTable, Kind, Line, read_all

MOST_ROWS = 2000
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
COLUMNS = {
    "need": Column(("采购需求编号", "Number of the need"), most=30),
    "lot": Column(("包号", "Lot"), Kind.WHOLE, most=999),
    "plan_no": Column(("采购计划编号", "Number of the procurement plan"), needed=False, most=80),
    "notice_url": Column(("公告链接", "Address of the notice"), needed=False, most=400),
    "result_url": Column(("结果公告链接", "Address of the result"), needed=False, most=400),
    "contract_no": Column(("合同编号", "Number of the contract"), needed=False, most=80),
}
OF_NEED, OF_AWARD = ("plan_no", "notice_url"), ("result_url", "contract_no")


@dataclass(frozen=True)
class Change:
    """One value that a row brings: of the need or of the award that stands."""

    need: Need
    thing: Need | Award
    name: str
    value: str

    @property
    def words(self) -> str:
        """As the log tells it."""
        head = COLUMNS[self.name].heads[0]
        return f"{head}：{getattr(self.thing, self.name) or '—'} → {self.value}"


def workbook() -> bytes:
    """Every lot with what the portal knows and what the platform gave, to be filled in."""
    heads = [column.heads[0] for column in COLUMNS.values()]
    more = ["采购需求", "标包", "采购方式", "预算（元）", "中选机构", "中选金额（元）"]
    rows = [_row(lot) for lot in db.session.scalars(_lots())]
    return to_xlsx({gettext("Province's platform"): Sheet([*heads, *more], rows)})


def _lots() -> Any:
    query = select(Lot).join(Lot.need).where(Need.cancelled_at.is_(None))
    query = query.options(joinedload(Lot.need), selectinload(Lot.awards).joinedload(Award.agency))
    return query.order_by(Need.id.desc(), Lot.number).limit(MOST_ROWS)


def _row(lot: Lot) -> list[Cell]:
    need, award = lot.need, lot.award
    own: list[Cell] = [need.code, lot.number, need.plan_no, need.notice_url]
    own += [award.result_url, award.contract_no] if award else ["", ""]
    own += [need.name, lot.name, str(METHODS[need.method]), lot.budget_fen / 100]
    return own + ([award.agency.name, award.price_fen / 100] if award else ["", None])


def take_numbers(actor: User, data: bytes) -> int:
    """Take the workbook back: every row or none; empty cells leave what stands. Counts changes."""
    require(actor, Permission.PROCUREMENT_PLAN, None)
    changes = _changes(data)
    by_need: dict[int, list[Change]] = {}
    for change in changes:
        by_need.setdefault(change.need.id, []).append(change)
    for own in by_need.values():
        lock(own[0].need)
        told = [change.words for change in own]
        for change in own:
            setattr(change.thing, change.name, change.value)
        need = own[0].need
        audit.record(actor, audit.Event.PLATFORM_NUMBERS_TAKEN, need, need=need.code, changes=told)
    if not by_need:
        raise Invalid(_("Nothing in the workbook differs from what stands here"), field="file")
    return len(changes)


def _changes(data: bytes) -> list[Change]:
    table, faults = read_all(data, COLUMNS, MOST_ROWS)
    known = _known({str(line.values["need"]) for line in table.lines})
    found: dict[tuple[str, int, str], Change] = {}
    for line in table.lines:
        lot = known.get((line.values["need"], line.values["lot"]))
        if lot is None:
            faults.append(table.fault(line, "lot", _("There is no such lot of this need here")))
            continue
        for change, words in _of_row(lot, line, found):
            if words:
                faults.append(table.fault(line, change.name, words))
            else:
                key = (type(change.thing).__name__, change.thing.id, change.name)
                found[key] = change
    if faults:
        raise FaultyTable(sorted(faults, key=_place))
    return [one for one in found.values() if getattr(one.thing, one.name) != one.value]


def _place(fault: CellFault) -> tuple[int, str]:
    return fault.row, fault.column


def _known(codes: Iterable[str]) -> Mapping[tuple[str, int], Lot]:
    query = select(Lot).join(Lot.need).where(Need.code.in_(set(codes)))
    query = query.options(joinedload(Lot.need), selectinload(Lot.awards))
    return {(lot.need.code, lot.number): lot for lot in db.session.scalars(query)}


def _of_row(
    lot: Lot, line: Line, found: Mapping[tuple[str, int, str], Change]
) -> Iterable[tuple[Change, Words]]:
    """What a row brings, each with what stands against it."""
    for name in (*OF_NEED, *OF_AWARD):
        value = line.values[name]
        if value is None:
            continue
        thing = lot.need if name in OF_NEED else lot.award
        change = Change(lot.need, thing or lot.need, name, value)
        yield change, _fault_of(change, thing, found)


def _fault_of(
    change: Change, thing: Need | Award | None, found: Mapping[tuple[str, int, str], Change]
) -> Words:
    if thing is None:
        return _("This lot has no award yet, so it has no result and no contract")
    if change.name.endswith("_url") and not ADDRESS.fullmatch(change.value):
        return _("An address begins with https://")
    signed = change.name == "contract_no" and isinstance(thing, Award) and thing.signed_on
    if signed and getattr(thing, change.name) != change.value:
        return _("The contract was signed under another number")
    earlier = found.get((type(thing).__name__, thing.id, change.name))
    if earlier is not None and earlier.value != change.value:
        return _("An earlier row of the same need says something else")
    return ""
