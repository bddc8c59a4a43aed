"""The best set: who is in it, who is behind, who is left out and by what."""

from types import SimpleNamespace

import pytest

from app.conflicts.rules import Finding, LinkKind, RelationKind
from app.decisions import views
from app.decisions.best import Candidate, Wish, sort_out
from app.policy import Role
from tests.conflicts.test_services import again, tied, unit_of
from tests.factories import AgencyFactory, UserFactory, make_engagement


def candidate(key, score=None, *, low=None, part=0, **more):
    line = SimpleNamespace(rank=key if score else None, score=score, low=low or score, part=part)
    return Candidate(key, f"演示{key}", line if score else None, **more)


def by_half_a_star(first, second):
    return first.score - second.score >= 0.5


def names(found):
    return [one.agency_id for one in found]


def test_who_is_not_proven_worse_is_in_the_best_set():
    told = [candidate(1, 4.6), candidate(2, 4.2), candidate(3, 4.1), candidate(4)]
    found = sort_out(told, Wish(), by_half_a_star)
    assert names(found.best) == [1, 2]
    assert names(found.behind) == [3]
    assert names(found.unranked) == [4]
    assert found.left_out == []


def test_with_the_best_left_out_others_are_the_best():
    barred = (Finding(1, LinkKind.SERVED),)
    told = [candidate(1, 4.6, findings=barred), candidate(2, 4.2), candidate(3, 4.1)]
    found = sort_out(told, Wish(), by_half_a_star)
    assert names(found.best) == [2, 3]
    assert [(one.agency_id, why) for one, why in found.left_out] == [(1, "barred")]


def test_parts_without_a_common_order_have_each_their_best():
    told = [candidate(1, 4.9), candidate(2, 3.0, part=1)]
    assert names(sort_out(told, Wish(), by_half_a_star).best) == [1, 2]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(most_load=2), "load"),
        (Wish(least_score=4.3), "score"),
        (Wish(least_low=4.1), "interval"),
        (Wish(needs_field=True), "field"),
        (Wish(without_links=True), "links"),
    ],
)
def test_each_filter_leaves_out_by_its_name(wish, why):
    link = (Finding(1, LinkKind.EARLIER_ENGAGEMENT),)
    told = [candidate(1, 4.2, low=4.0, load=3, findings=link)]
    found = sort_out(told, wish, by_half_a_star)
    assert [reason for _one, reason in found.left_out] == [why]
    assert names(sort_out(told, Wish(), by_half_a_star).best) == [1]


def test_the_page_shows_who_is_kept_out_and_by_what(session, sign_in):
    officer, first = UserFactory(), make_engagement()
    other = AgencyFactory()
    tied(officer, first.agency, unit_of(first), RelationKind.BOOKKEEPING)
    client = sign_in(officer)
    whole = client.get("/best-set").get_data(as_text=True)
    assert first.agency.name in whole
    address = f"/best-set?unit={unit_of(first).id}&load=9&score=4.x&low=99&field=1&experienced=1"
    told = client.get(address).get_data(as_text=True)
    _inside, left_out = told.rsplit("<table", 1)
    assert first.agency.name in left_out
    assert other.name in left_out


def test_of_very_many_the_first_are_shown_and_all_to_who_asks(sign_in, monkeypatch):
    monkeypatch.setattr(views, "MOST_SHOWN", 1)
    known = [AgencyFactory().name for _n in range(3)]
    client = sign_in(UserFactory())
    told = client.get("/best-set").get_data(as_text=True)
    assert sum(name in told for name in known) == 1
    assert 'href="/best-set?all=1"' in told
    every = client.get("/best-set?all=1").get_data(as_text=True)
    assert all(name in every for name in known)
    assert 'href="/best-set?all=1"' not in every


@pytest.mark.parametrize("role", [Role.AGENCY_ADMIN, Role.UNIT_OFFICER, Role.SYSTEM_ADMIN])
def test_others_do_not_choose(session, sign_in, role):
    assert sign_in(UserFactory(role=role)).get("/best-set").status_code == 403


def test_the_page_costs_the_same_however_many_there_are(session, sign_in, statements):
    officer, first = UserFactory(), make_engagement()
    client, address = sign_in(officer), f"/best-set?unit={unit_of(first).id}"
    client.get(address)
    session.expire_all()
    with statements() as few:
        client.get(address)
    for _n in range(5):
        AgencyFactory()
    again(first)
    session.expire_all()
    with statements() as many:
        client.get(address)
    assert len(few) == len(many)
