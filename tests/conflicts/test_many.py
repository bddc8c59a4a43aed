"""One engagement against a thousand agencies and five years: as many statements as for ten."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from app import clock
from app.accounts.models import Organisation
from app.agencies.models import Agency
from app.conflicts import queries
from app.conflicts.models import AgencyRelation
from app.conflicts.rules import Case, LinkKind, RelationKind
from app.db import db
from app.engagements.models import Engagement, Task
from tests.factories import UserFactory, make_engagement

MANY = 1000
FIRST = 1_000_000  # the keys of what is entered by the thousand


def row_of(thing):
    """A record's columns, to be entered again with other keys."""
    table = thing.__table__
    return dict(db.session.execute(select(table).where(table.c.id == thing.id)).mappings().one())


@pytest.fixture
def crowd(session):
    """A thousand agencies: a tenth has served the unit, each evaluated there within five years."""
    officer, first = UserFactory(), make_engagement()
    task, now = first.tasks[0], clock.now()
    keys = range(FIRST, FIRST + MANY)
    house, agency = row_of(first.agency.organisation), row_of(first.agency)
    contract, work = row_of(first), row_of(task)
    served = {"kind": RelationKind.AUDIT, "organisation_id": task.unit_id, "source": "演示",
              "entered_at": now, "entered_by_id": officer.id}  # fmt: skip
    owned = {
        **served,
        "kind": RelationKind.OWNER,
        "organisation_id": None,
        "share_percent": 60,
        "party_name": "演示控股方",
    }
    db.session.execute(
        insert(Organisation.__table__),
        [{**house, "id": key, "name": f"演示千家机构{key}", "credit_code": None} for key in keys],
    )
    db.session.execute(insert(Agency.__table__), [{**agency, "id": key} for key in keys])
    db.session.execute(
        insert(Engagement.__table__),
        [{**contract, "id": key, "code": f"W-{key}", "agency_id": key,
          "signed_on": date(2022 + key % 5, 3, 1)} for key in keys],
    )  # fmt: skip
    db.session.execute(
        insert(Task.__table__), [{**work, "id": key, "engagement_id": key} for key in keys]
    )
    db.session.execute(
        insert(AgencyRelation),
        [{**served, "agency_id": key, "from_on": date(2023, 1, 1), "until_on": None}
         for key in keys[::10]],
    )  # fmt: skip
    db.session.execute(
        insert(AgencyRelation),
        [{**owned, "agency_id": key, "party_code": f"演示控股{key % 400}",
          "from_on": date(2023, 1, 1)} for key in keys],
    )  # fmt: skip
    db.session.commit()
    return Case(clock.today(), frozenset({task.unit_id}), first.client_id), list(keys)


def test_a_thousand_agencies_cost_as_many_statements_as_ten(crowd, statements):
    case, keys = crowd
    told = []
    for some in (keys[:10], keys):
        db.session.expire_all()
        with statements() as seen:
            alone = queries.findings(case, some)
            between = queries.findings_between(some, case.on)
        told.append(len(seen))
    assert told[0] == told[1] <= 4
    assert len(alone) == MANY
    assert sum(one[0].is_barred for one in alone.values()) == MANY // 10
    earlier = [one for each in alone.values() for one in each
               if one.kind in {LinkKind.EARLIER_ENGAGEMENT, LinkKind.SAME_PROJECT}]  # fmt: skip
    assert len(earlier) == MANY
    assert len(between) == MANY  # by holdings of two or three
