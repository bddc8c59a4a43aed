"""A ranking of a thousand agencies costs its readers as many statements as one of three."""

import json
import re

from sqlalchemy import insert, select

from app import clock
from app.accounts.models import Organisation, OrganisationKind
from app.agencies.models import Agency, AgencyType
from app.db import db, transaction
from app.policy import Role
from app.rankings.making import row_of
from app.rankings.models import RankingRow
from app.rankings.record import exact
from tests.factories import UserFactory
from tests.rankings.snapshots import snapshot

MANY = 1000
COLUMNS = [column.key for column in RankingRow.__table__.columns if column.key != "id"]


def thousand(made):
    """A thousand more agencies in this ranking, ranked, insufficient and unrated in turns."""
    now = clock.now()
    kind = OrganisationKind.AGENCY
    names = [f"演示千家机构{n:04}" for n in range(MANY)]
    told = {}
    for row in made.rows:
        told.setdefault(json.loads(row.told)["state"], json.loads(row.told))
    with transaction():
        given = [{"kind": kind, "name": name, "registered_at": now} for name in names]
        db.session.execute(insert(Organisation), given)
        query = (
            select(Organisation.id).where(Organisation.name.in_(names)).order_by(Organisation.id)
        )
        keys = db.session.scalars(query).all()
        more = {"agency_type": AgencyType.OTHER, "legal_representative": "演示", "address": "",
                "phone": "", "platform_number": "", "registered_at": now}  # fmt: skip
        db.session.execute(insert(Agency), [{"id": key, **more} for key in keys])
        rows = []
        for place, key in enumerate(keys):
            state = ("ranked", "ranked", "insufficient", "unrated")[place % 4]
            row = row_of(100 + place, told[state] | {"agency": key})
            row.told = exact(told[state] | {"agency": key})
            rows.append({name: getattr(row, name) for name in COLUMNS} | {"snapshot_id": made.id})
        db.session.execute(insert(RankingRow), rows)


def test_a_thousand_agencies_cost_as_many_statements_as_three(
    officer, district, sign_in, statements
):
    client, made = sign_in(UserFactory(role=Role.LEADER)), snapshot(officer)
    place = f"/rankings/{made.id}"
    asked = [
        place,
        f"{place}?state=insufficient",
        f"{place}?state=unrated",
        f"{place}?after=2",
        f"{place}?q=演示",
        f"{place}/agencies/{district[0].id}",
        f"{place}/comparison",
        f"{place}/files/csv",
        "/rankings",
    ]

    def costs():
        client.get(place)
        found = {}
        for url in asked:
            db.session.expire_all()
            with statements() as seen:
                assert client.get(url).status_code == 200
            found[url] = len(seen)
        return found

    few = costs()
    thousand(made)
    assert costs() == few
    page = client.get(place).get_data(as_text=True)
    assert len(set(re.findall(r"演示千家机构\d+", page))) <= 50, "a page shows fifty"
    assert re.search(r"\b503\b", page), "and tells how many there are"
