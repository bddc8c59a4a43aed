"""Two rankings compared tell nobody's stars."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from app import clock
from app.db import transaction
from app.policy import Role
from app.rankings import behind
from app.rankings import services as ranking
from app.rankings.inputs import Inputs, unpacked
from app.rankings.model import FEWEST_REVIEWS
from app.rankings.veiling import Change, Round, coarse, counting
from app.reviews import services
from app.reviews.models import RulingKind
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


def changed(each, *days):
    """The round with changed reviews of so many persons, on these days."""
    changes = tuple(Change(START + timedelta(days=day), f"p{n}") for n, day in enumerate(days))
    return replace(each, changes=changes)


def test_a_round_that_an_appeal_changed_is_set_aside_until_another_comes():
    first, second, third = rounds_of(3, 3, 3)
    assert counting([changed(first, 1.5), second]) == {1}, "neither the old nor the new counts"
    assert counting([changed(first, 1.5), second, third]) == {0, 1, 2}
    assert counting([changed(first, 0.5), second, third]) == {0, 1, 2}, "before the next came"
    assert counting([changed(first, 1.5, 1.6), second]) == {1}
    assert counting([changed(first, 1.5, 1.6, 1.7), second]) == {0, 1}, "three persons' together"
    assert counting([changed(first, 1.5), replace(third, agency=2)]) == {0, 2}
    assert counting([changed(first, 1.5)]) == {0}, "alone it shows no figure"
    small = rounds_of(2, 1, 3)
    assert counting([changed(small[0], 2.5), *small[1:]]) == {2}, "with those it came with"
    assert counting([first, second, changed(rounds_of(3, 3, 1)[2], 2.5)]) == {0, 1}


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


def test_a_ruling_takes_the_engagement_out_until_the_next_is_rated(officer, sign_in):
    agency, leader = AgencyFactory(), UserFactory(role=Role.LEADER)
    jobs = [rated(stars, agency=agency, actor=officer) for stars in (4, 4, 2)]
    before = snapshot(officer)
    [unfair] = [each.review for each in jobs[2].round.invitations if each.party == "unit"]
    with transaction():
        services.rule(leader, unfair, RulingKind.VOIDED, "演示作废理由")
    during = snapshot(officer)
    own = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    place = f"/rankings/{during.id}/agencies/{agency.id}"
    words = 'class="notice" id="aside"'
    assert words in sign_in(officer).get(place).get_data(as_text=True)
    rated(4, agency=agency, actor=officer)
    after = snapshot(officer)
    counts = [(row.engagements, row.reviews) for made in (before, during, after)
              for row in made.rows if row.agency_id == agency.id]  # fmt: skip
    assert counts == [(3, 9), (2, 6), (4, 11)]
    marks = [{entry.changed for entry in read(made)} for made in (before, during, after)]
    assert marks == [{False}, {True}, {True}]
    with transaction():
        ranking.publish_snapshot(officer, after, "演示理由")
    later = f"/rankings/{after.id}/agencies/{agency.id}"
    assert words not in sign_in(own).get(later).get_data(as_text=True)
    assert len(behind.jobs_behind(after, agency.id)) == 4


def read(made):
    return Inputs.from_text(unpacked(made.inputs)).entries
