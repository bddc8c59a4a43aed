"""What ties some of the demonstration's agencies to units and to one another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app import clock
from app.accounts.models import Organisation
from app.conflicts.rules import RelationKind
from app.conflicts.services import NewRelation, enter_relation
from app.demo.district import District

HOLDING, HOLDING_CODE = "演示同源投资有限公司", "YS-HOLDING-01"


def tell(district: District) -> Iterator[datetime]:
    """The section enters what agencies declared, once the last contracts are placed."""
    yield clock.start_of(clock.today() - timedelta(days=2)) + timedelta(hours=10)
    actor, firms = district.performance[0], district.firms
    units = [unit for _name, unit in sorted(district.departments.items())]
    for firm, new in zip(firms, _relations(units), strict=False):
        enter_relation(actor, firm.agency, new)


def _relations(units: list[Organisation]) -> list[NewRelation]:
    since, ended = clock.today() - timedelta(days=900), clock.today() - timedelta(days=200)
    long_ago = clock.today() - timedelta(days=1500)
    declared = "机构承诺函"
    return [
        NewRelation(RelationKind.AUDIT, since, units[0], until_on=ended, source="年报审计合同"),
        NewRelation(RelationKind.BOOKKEEPING, since, units[1], source="代理记账合同"),
        replace(_held(RelationKind.OWNER), share_percent=60),
        _held(RelationKind.MANAGER),
        NewRelation(
            RelationKind.FORMER_POST,
            long_ago,
            units[2],
            person="演示人员",
            until_on=ended,
            source=declared,
        ),
        NewRelation(
            RelationKind.CONSULTING,
            long_ago,
            units[0],
            until_on=long_ago,
            project="绩效目标编制",
            source=declared,
        ),
    ]


def _held(kind: RelationKind) -> NewRelation:
    """Under one holding: two agencies that may not share a lot."""
    since = clock.today() - timedelta(days=900)
    return NewRelation(
        kind, since, party_name=HOLDING, party_code=HOLDING_CODE, source="企业登记信息"
    )
