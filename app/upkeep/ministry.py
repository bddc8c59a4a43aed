"""The register as a workbook with the sheets of the Ministry's credit platform, out and in.

The sheets are those of the platform: 机构、法定代表人、分支机构、主评人、其他从业人员、合作专家.
A row names its agency by the unified social credit code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Select, select

from app import audit
from app.accounts.models import Organisation, User
from app.agencies.labels import TYPES
from app.agencies.models import Agency, Evaluator
from app.agencies.related_models import Associate, Branch
from app.db import db
from app.exporting import Cell, Sheet, to_xlsx
from app.policy import Permission, require
from app.tabular import Column, Kind

CODE = Column(("统一社会信用代码",), most=40)
PEOPLE: Mapping[str, Column] = {
    "code": CODE,
    "name": Column(("姓名",), most=60),
    "qualification": Column(("职称或执业资格",), needed=False, most=120),
    "working_since": Column(("参加工作日期",), Kind.DAY),
    "evaluating_since": Column(("从事绩效评价日期",), Kind.DAY, needed=False),
}
AGENCY, HEAD, BRANCHES = "机构信息", "法定代表人信息", "分支机构信息"
LEADS, OTHERS, ASSOCIATES = "主评人信息", "其他从业人员信息", "合作专家信息"
SHEETS: Mapping[str, Mapping[str, Column]] = {
    AGENCY: {
        "code": CODE,
        "name": Column(("机构名称",)),
        "agency_type": Column(("机构类型",), most=40),
        "established_on": Column(("成立日期",), Kind.DAY, needed=False),
        "phone": Column(("联系电话",), needed=False, most=40),
        "address": Column(("地址",), needed=False),
        "platform_number": Column(("信用管理平台编号",), needed=False, most=60),
    },
    HEAD: {"code": CODE, "name": Column(("法定代表人",), most=60)},
    BRANCHES: {
        "code": CODE,
        "name": Column(("分支机构名称",)),
        "credit_code": Column(("分支机构信用代码",), needed=False, most=40),
        "address": Column(("分支机构地址",), needed=False),
    },
    LEADS: PEOPLE,
    OTHERS: PEOPLE,
    ASSOCIATES: {
        "code": CODE,
        "name": Column(("姓名",), most=60),
        "title": Column(("职称",), needed=False, most=120),
        "employer": Column(("工作单位",), needed=False),
    },
}


@dataclass(frozen=True)
class Workbook:
    """A workbook and how many rows it has."""

    data: bytes
    rows: int


def export_register(actor: User, agency: Agency | None = None) -> Workbook:
    """Write the whole register, or one agency's part for itself; that it was taken is an event."""
    if agency is None:
        require(actor, Permission.AGENCY_REGISTER, None)
    else:
        require(actor, Permission.AGENCY_EDIT, agency)
    found = _rows(None if agency is None else agency.id)
    rows = sum(map(len, found.values()))
    subject = "register" if agency is None else agency
    audit.record(actor, audit.Event.REGISTER_EXPORTED, subject, rows=rows)
    heads = {name: [one.heads[0] for one in columns.values()] for name, columns in SHEETS.items()}
    return Workbook(to_xlsx({name: Sheet(heads[name], found[name]) for name in SHEETS}), rows)


def _rows(agency_id: int | None) -> dict[str, list[Sequence[Cell]]]:
    """The rows of every sheet, in six statements whatever their number."""
    agencies = list(db.session.scalars(_agencies(agency_id)))
    codes = {one.id: one.organisation.credit_code or "" for one in agencies}
    people = list(_of(Evaluator, codes, Evaluator.left_at))
    return {
        AGENCY: [_agency_row(one) for one in agencies],
        HEAD: [(codes[one.id], one.legal_representative) for one in agencies],
        BRANCHES: [
            (codes[one.agency_id], one.name, one.credit_code or None, one.address or None)
            for one in _of(Branch, codes, Branch.ended_at)
        ],
        LEADS: [_person_row(codes, one) for one in people if one.confirmed_at is not None],
        OTHERS: [_person_row(codes, one) for one in people if one.confirmed_at is None],
        ASSOCIATES: [
            (codes[one.agency_id], one.name, one.title or None, one.employer or None)
            for one in _of(Associate, codes, Associate.ended_at)
        ],
    }


def _agencies(agency_id: int | None) -> Select[Agency]:
    query = select(Agency).join(Agency.organisation).where(Organisation.closed_at.is_(None))
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    return query.order_by(Agency.id)


def _of(model: Any, codes: Mapping[int, str], ended: Any) -> Iterable[Any]:
    """The rows of these agencies that haven't ended, in the order of their entry."""
    query = select(model).where(ended.is_(None)).order_by(model.agency_id, model.id)
    return (one for one in db.session.scalars(query) if one.agency_id in codes)


def _agency_row(agency: Agency) -> Sequence[Cell]:
    with force_locale("zh_Hans_CN"):
        kind = str(TYPES[agency.agency_type])
    return (
        agency.organisation.credit_code or "",
        agency.name,
        kind,
        agency.established_on,
        agency.phone or None,
        agency.address or None,
        agency.platform_number or None,
    )


def _person_row(codes: Mapping[int, str], one: Evaluator) -> Sequence[Cell]:
    since = one.evaluating_since
    return (codes[one.agency_id], one.name, one.qualification or None, one.working_since, since)
