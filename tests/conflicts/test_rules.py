"""What forbids and what is only a link, without a database."""

from datetime import date
from types import SimpleNamespace

import pytest

from app.conflicts import rules
from app.conflicts.rules import Case, Earlier, House, LinkKind, RelationKind

TODAY = date(2026, 11, 23)
UNIT, CLIENT, OTHER = 11, 12, 13
CASE = Case(TODAY, frozenset({UNIT}), CLIENT, frozenset({"演示 道路项目"}))


def relation(kind, **changes):
    told = {
        "agency_id": 1,
        "kind": kind,
        "organisation_id": UNIT,
        "party_name": "",
        "party_code": "",
        "person": "",
        "project": "",
        "share_percent": None,
        "from_on": date(2015, 1, 1),
        "until_on": None,
    }
    return SimpleNamespace(**{**told, **changes})


def kinds(found):
    return [one.kind for one in found]


@pytest.mark.parametrize("kind", sorted(rules.SERVICES))
@pytest.mark.parametrize("party", [UNIT, CLIENT])
def test_a_service_to_the_unit_or_the_client_forbids_for_three_years(kind, party):
    for until, expected in (
        (None, [LinkKind.SERVED]),
        (date(2023, 11, 23), [LinkKind.SERVED]),
        (date(2023, 11, 22), [LinkKind.SERVED_BEFORE]),
        (date(2021, 11, 22), []),
    ):
        found = rules.alone(CASE, [relation(kind, organisation_id=party, until_on=until)], [])
        assert kinds(found) == expected
        assert all(one.is_barred == (one.kind is LinkKind.SERVED) for one in found)


def test_a_service_elsewhere_or_later_is_nothing():
    elsewhere = relation(RelationKind.AUDIT, organisation_id=OTHER)
    later = relation(RelationKind.AUDIT, from_on=date(2026, 11, 24))
    by_name = relation(RelationKind.AUDIT, organisation_id=None, party_name="演示单位")
    assert rules.alone(CASE, [elsewhere, later, by_name], []) == []


@pytest.mark.parametrize("kind", sorted(rules.PROJECT_SERVICES))
def test_who_tendered_or_supervised_the_project_is_kept_out_of_it_alone(kind):
    same = relation(kind, project="演示道路 项目", until_on=date(2025, 1, 1))
    other = relation(kind, project="演示桥梁项目", until_on=date(2025, 1, 1))
    assert kinds(rules.alone(CASE, [same], [])) == [LinkKind.SERVED_PROJECT]
    assert kinds(rules.alone(CASE, [other], [])) == [LinkKind.SERVED_BEFORE]


def test_an_owner_among_the_parties_forbids_as_long_as_it_lasts():
    owned = relation(RelationKind.OWNER, share_percent=1)
    sold = relation(RelationKind.OWNER, share_percent=100, until_on=date(2026, 11, 22))
    assert kinds(rules.alone(CASE, [owned, sold], [])) == [LinkKind.OWNED_BY_PARTY]


def test_earlier_work_and_former_posts_are_links():
    past = [
        Earlier(1, "W2025-001", "演示道路项目", date(2025, 3, 1)),
        Earlier(1, "W2025-002", "演示桥梁项目", date(2025, 3, 1)),
    ]
    post = relation(RelationKind.FORMER_POST, person="演示甲", until_on=date(2024, 1, 1))
    found = rules.alone(CASE, [post], past)
    expected = [LinkKind.FORMER_POST, LinkKind.SAME_PROJECT, LinkKind.EARLIER_ENGAGEMENT]
    assert kinds(found) == expected
    assert not any(one.is_barred for one in found)


def house(key, **changes):
    return House(**{"agency_id": key, "name": f"演示{key}", "head": "", "address": "",
                    "code": "", **changes})  # fmt: skip


def found_between(houses, relations):
    found = rules.between(TODAY, houses, relations)
    return {(one.agency_id, one.kind) for one in found}


def test_agencies_under_one_head_or_holding_do_not_share_a_lot():
    houses = [house(key) for key in (1, 2, 3)]
    head = {"organisation_id": None, "party_name": "演示负责人", "party_code": "X1"}
    holding = {"organisation_id": None, "party_name": "演示集团", "party_code": "G1"}
    relations = [
        relation(RelationKind.HEAD, **head),
        relation(RelationKind.HEAD, agency_id=2, **head),
        relation(RelationKind.OWNER, agency_id=2, share_percent=50, **holding),
        relation(RelationKind.MANAGER, agency_id=3, **holding),
    ]
    assert found_between(houses, relations) == {
        (1, LinkKind.ONE_HEAD),
        (2, LinkKind.ONE_HEAD),
        (2, LinkKind.ONE_HOLDING),
        (3, LinkKind.ONE_HOLDING),
    }


def test_an_agency_that_owns_another_does_not_bid_beside_it():
    houses = [house(1, code="C1"), house(2)]
    owner = {"organisation_id": None, "party_name": "演示1", "party_code": "C1"}
    owns = relation(RelationKind.OWNER, agency_id=2, share_percent=60, **owner)
    minor = relation(RelationKind.OWNER, agency_id=2, share_percent=49, **owner)
    assert found_between(houses, [owns]) == {(1, LinkKind.ONE_HOLDING), (2, LinkKind.ONE_HOLDING)}
    assert found_between(houses, [minor]) == set()


def test_one_address_one_name_and_one_former_employer_are_mere_links():
    houses = [
        house(1, address="演示路 1号", head="演示王"),
        house(2, address="演示路1号", head="演示王"),
    ]
    posts = [
        relation(RelationKind.FORMER_POST, agency_id=key, organisation_id=None, party_name="演示所")
        for key in (1, 2)
    ]
    found = rules.between(TODAY, houses, posts)
    assert {one.kind for one in found} == {
        LinkKind.SAME_ADDRESS,
        LinkKind.NAMESAKE,
        LinkKind.COLLEAGUES,
    }
    assert not any(one.is_barred or one.is_barred_together for one in found)
    assert found[0].facts == {"others": ["演示2"], "count": 1}


def test_a_leap_day_three_years_ago_is_a_day():
    assert rules.years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
