"""Two rankings compared tell nobody's stars."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from app import clock
from app.db import transaction
from app.policy import Role
from app.rankings.model import FEWEST_REVIEWS
from app.rankings.veiling import Round, coarse, counting
from app.reviews import services
from tests.factories import AgencyFactory, UserFactory
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import ended, rated

START = datetime(2026, 3, 2, tzinfo=UTC)


def rounds_of(*reviews, agency=1):
    days = (START + timedelta(days=n) for n in range(len(reviews)))
    told = zip(days, reviews, strict=True)
    return [Round(n, agency, at, count) for n, (at, count) in enumerate(told)]


def test_small_rounds_wait_until_they_are_three_together():
    assert counting(rounds_of(2)) == {0}, "alone it shows no figure, only that it is there"
    assert counting(rounds_of(2, 3)) == {1}
    assert counting(rounds_of(2, 3, 1)) == {0, 1, 2}
    assert counting(rounds_of(2, 3, 1, 2)) == {0, 1, 2}
    others = [*rounds_of(3, 2), Round(8, 2, START, 3), Round(9, 2, START, 1)]
    assert counting(others) == {0, 8}, "not with another agency's"


def test_a_round_without_any_star_adds_nothing():
    assert counting(rounds_of(3, 0, 2)) == {0}


@pytest.mark.parametrize("seed", range(30))
def test_what_comes_between_two_rankings_is_never_of_fewer_than_three(seed):
    known = rounds_of(*Random(seed).choices(range(6), k=12))
    steps = [with_figures(known[:n]) for n in range(len(known) + 1)]
    for before, after in pairwise(steps):
        assert before <= after, "what counted once counts"
        fresh = sum(known[key].reviews for key in after - before)
        assert fresh == 0 or fresh >= FEWEST_REVIEWS


def with_figures(rounds):
    """What moves a figure: with fewer than three reviews in all there is none."""
    found = counting(rounds)
    reviews = sum(each.reviews for each in rounds if each.id in found)
    return found if reviews >= FEWEST_REVIEWS else set()


def test_a_party_is_told_to_half_a_star():
    assert [coarse(each) for each in (1.0, 4.24, 4.25, 4.74, 4.75, 5.0)] == [
        1.0, 4.0, 4.5, 4.5, 5.0, 5.0,
    ]  # fmt: skip


@pytest.fixture
def officer(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


def test_one_more_review_doesnt_move_the_ranking(officer):
    """The unit alone rated the last engagement: its stars must not be the difference."""
    agency = AgencyFactory()
    for _n in range(3):
        rated(4, agency=agency, actor=officer)
    before = snapshot(officer)
    lonely = ended(agency=agency, actor=officer)
    lonely.rate("unit", 1, words="演示", fact="演示")
    over = clock.now() + timedelta(days=60)
    with clock.frozen(over), transaction():
        services.unseal_due()
    with clock.frozen(over + timedelta(days=1)):
        after = snapshot(officer)
    assert figures(after) == figures(before)


def figures(made):
    """The exact result without the facts beside the stars, which are counted from the stages."""
    result = json.loads(made.result)
    return {**result, "rows": [{**row, "facts": None} for row in result["rows"]]}


def test_a_partys_new_review_isnt_the_difference_of_two_means(officer):
    agency = AgencyFactory()
    for _n in range(3):
        rated(4, agency=agency, actor=officer)
    [before] = [row for row in snapshot(officer).rows if row.agency_id == agency.id]
    rated({"quality": 5, "efficiency": 5, "communication": 5, "satisfaction": 4}, agency=agency)
    [after] = [row for row in snapshot(officer).rows if row.agency_id == agency.id]
    assert (before.unit_mean, after.unit_mean) == (4.0, 4.0)
    assert after.performance_mean == after.section_mean == 4.0
