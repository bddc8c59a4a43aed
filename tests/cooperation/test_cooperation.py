"""Agencies rate units: told in whole groups of five by three agencies, never a single one."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app import clock
from app.cooperation import queries, services
from app.cooperation.models import Aspect, UnitRating
from app.cooperation.pooling import FEWEST, Given, pooled, shown_of
from app.db import db, transaction
from app.engagements import queries as engagements
from app.errors import Conflict, Forbidden, Invalid
from app.policy import AGENCY_ROLES, Role
from tests.factories import (
    AgencyFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
    make_task,
)
from tests.reviews.rounds import ended, post

FOUR = dict.fromkeys(Aspect, 4)


@pytest.fixture
def unit(session):
    return OrganisationFactory(name="演示被评单位")


def over(unit, agency=None):
    """An engagement with this unit that ended, and the head of its agency."""
    template = engagements.template_in_force("fiscal_evaluation")
    done = ended(tasks=[make_task(template, unit=unit)], agency=agency or AgencyFactory())
    home = done.engagement.agency.organisation
    return done.engagement, UserFactory(role=Role.AGENCY_ADMIN, organisation=home)


def rate(person, engagement, unit, stars=None):
    place = queries.place_of(engagement, unit.id, window=180)
    with transaction():
        return services.rate_unit(person, place, stars or FOUR)


def means(unit):
    return queries.means_of([unit])[unit.id]


def given(*agencies):
    return [Given(agency, {"material": 4}) for agency in agencies]


@pytest.mark.parametrize(
    ("agencies", "shown"),
    [
        ([1, 2, 3, 4], 0),
        ([1, 2, 3, 4, 5], 5),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], 5),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10),
        ([1, 1, 1, 1, 1], 0),
        ([1, 1, 1, 2, 2, 2], 0),
        ([1, 1, 1, 2, 2, 3], 6),
    ],
)
def test_only_whole_groups_are_told(agencies, shown):
    assert len(shown_of(given(*agencies))) == shown


def test_no_two_pages_differ_by_fewer_than_five():
    """Whatever comes one by one, what a page shows grows by a group or not at all."""
    told = [len(shown_of(given(*(n % 4 for n in range(count))))) for count in range(40)]
    steps = {later - earlier for earlier, later in zip(told, told[1:], strict=False)}
    assert min(steps - {0}) >= FEWEST


def test_an_aspect_that_few_answered_has_no_mean():
    some = [Given(n, {"material": 4, "payment": 3 if n < 4 else None}) for n in range(5)]
    told = pooled(some, ["material", "payment"])
    assert told.means == {"material": 4.0, "payment": None}


def test_five_ratings_of_five_agencies_are_shown_and_four_are_not(unit, audited):
    for n in range(5):
        assert means(unit) is None
        engagement, head = over(unit)
        rate(head, engagement, unit, dict.fromkeys(Aspect, 3 + (n % 2)))
    assert means(unit).ratings == 5
    assert means(unit).means[Aspect.PAYMENT] == 3.4
    assert audited().count("unit.rated") == 5


@pytest.mark.owner
def test_a_rating_is_given_once_for_good_and_every_aspect_is_answered(unit):
    engagement, head = over(unit)
    with pytest.raises(Invalid):
        rate(head, engagement, unit, {Aspect.PAYMENT: 4})
    with pytest.raises(Invalid):
        rate(head, engagement, unit, dict.fromkeys(Aspect, 6))
    rate(head, engagement, unit)
    with pytest.raises(Conflict):
        rate(head, engagement, unit)
    for statement in ("UPDATE unit_rating_score SET stars = 1", "DELETE FROM unit_rating"):
        db.session.rollback()
        with pytest.raises(DatabaseError, match="frozen"), transaction():
            db.session.execute(text(statement))


def test_only_the_agencys_heads_rate_only_after_the_end_and_only_for_a_time(unit):
    engagement, head = over(unit)
    for role in sorted(set(Role) - {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}):
        with pytest.raises(Forbidden):
            rate(UserFactory(role=role), engagement, unit)
    late = clock.now() + timedelta(days=181)
    with clock.frozen(late), pytest.raises(Forbidden):
        rate(head, engagement, unit)
    assert queries.place_of(make_engagement(), unit.id, window=180) is None


def test_no_page_of_anybody_depends_on_a_single_rating(unit, sign_in):
    heads = []
    for n in range(4):
        engagement, head = over(unit)
        heads.append(head)
        rate(head, engagement, unit, dict.fromkeys(Aspect, 1 + n))
    people = [*heads, UserFactory(role=Role.UNIT_OFFICER, organisation=unit)]
    people += [UserFactory(role=role) for role in Role]
    before = [page(sign_in, person) for person in people]
    engagement, head = over(unit)
    assert [page(sign_in, person) for person in people] == before
    rate(head, engagement, unit)
    after = [page(sign_in, person) for person in people]
    changed = {p.role for p, old, new in zip(people, before, after, strict=True) if old != new}
    sees = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR, Role.UNIT_OFFICER}
    assert changed == sees


def page(sign_in, person):
    answer = sign_in(person).get("/unit-ratings")
    shown = re.search(r"<main.*</main>", answer.get_data(as_text=True), re.DOTALL)
    new = r'name="csrf_token" value="[^"]*"|<code>.*?</code>'  # at every asking
    return answer.status_code, re.sub(new, "", shown[0])


def test_an_agency_finds_its_units_rates_and_finds_them_no_more(unit, sign_in):
    engagement, head = over(unit)
    client = sign_in(head)
    place = f"/unit-ratings/{engagement.id}/{unit.id}"
    assert place in client.get("/unit-ratings").get_data(as_text=True)
    assert "checked" not in client.get(place).get_data(as_text=True)
    assert post(client, place, {"stars_material": "4"}).status_code == 422
    stars = {f"stars_{aspect}": "na" for aspect in Aspect} | {"stars_payment": "2"}
    assert post(client, place, stars).status_code == 302
    assert place not in client.get("/unit-ratings").get_data(as_text=True)
    assert db.session.query(UnitRating).one().stars[Aspect.PAYMENT] == 2
    for role in sorted(set(Role) - AGENCY_ROLES):
        assert sign_in(UserFactory(role=role)).get(place).status_code == 404


def test_a_page_of_units_costs_the_same_for_many(unit, sign_in, statements):
    reader = sign_in(UserFactory(role=Role.LEADER))
    over(unit)
    reader.get("/unit-ratings")
    with statements() as few:
        reader.get("/unit-ratings")
    for _n in range(4):
        over(OrganisationFactory())
    with statements() as many:
        reader.get("/unit-ratings")
    assert len(many) == len(few)
