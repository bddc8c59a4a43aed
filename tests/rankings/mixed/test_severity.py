from dataclasses import replace

import numpy as np
import pytest

from app.rankings.mixed.links import parts
from app.rankings.mixed.severity import chosen, dealt_unevenly, pooled, recency
from app.rankings.mixed.simulation import World, drawn
from app.rankings.mixed.trial import calibration, in_words, measured

FEW = World(raters=800)


def test_a_rating_counts_half_after_two_years():
    assert recency(np.array([0.0, 24.0, 48.0])).tolist() == [1, 0.5, 0.25]


def test_sparse_raters_share_a_severity_with_their_kind():
    rater = np.array([0, 0, 0, 1, 1, 2, 3, 4])
    kind = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    found = pooled(rater, kind)
    assert len(set(found)) == 3
    assert len(set(found[:3])) == len(set(found[3:6])) == len(set(found[6:])) == 1


def choice_of(world, seed=3):
    ratings = drawn(world, seed=seed)
    factors = {"agency": ratings.agency, "rater": ratings.rater}
    return chosen(ratings.stars, factors, kind=ratings.kind, seed=1)


def test_with_ample_ratings_severity_is_taken_as_it_is():
    found, choice = choice_of(World())
    assert (choice.unshrunk, choice.reason, choice.chance) == (True, "ample", None)
    assert found.design.unshrunk == "rater"


def test_with_few_ratings_it_is_shrunk_while_raters_are_dealt_evenly():
    found, choice = choice_of(FEW)
    assert (choice.unshrunk, choice.reason) == (False, "evenly dealt")
    assert found.design.unshrunk is None


def test_with_few_ratings_dealt_by_harshness_it_is_taken_as_it_is():
    found, choice = choice_of(replace(FEW, severity=0.7, harshly=0.9))
    assert (choice.unshrunk, choice.reason) == (True, "dealt unevenly")
    assert choice.chance < 0.01
    assert found.design.unshrunk == "rater"


@pytest.mark.nightly
def test_the_test_of_even_dealing_rejects_one_in_twenty_even_districts():
    from app.rankings.mixed.design import read
    from app.rankings.mixed.reml import fit

    rejected = 0
    for seed in range(100):
        ratings = drawn(FEW, seed=seed)
        shrunk = fit(read(ratings.stars, {"agency": ratings.agency, "rater": ratings.rater}))
        rejected += dealt_unevenly(shrunk, seed=seed) < 0.05
    assert rejected <= 11  # .05 plus three standard errors


def test_parts_that_no_rater_joins_are_told_apart():
    agency = np.array([0, 1, 1, 2, 3, 4, 4, 5])
    rater = np.array([0, 0, 1, 1, 2, 2, 3, 4])
    assert parts(agency, rater).tolist() == [0, 0, 0, 1, 1, 2]
    assert parts(np.array([0, 1, 2]), np.array([0, 1, 1])).tolist() == [1, 0, 0]


def test_calibration_is_the_mean_gap():
    chances = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration(chances, np.array([0.0, 0, 1, 1])) == pytest.approx(0.05)


def test_harsh_raters_dealt_to_half_the_agencies_do_them_no_harm():
    found = measured(World(), districts=4, seed=11)
    case = found["severity x2, harsh raters dealt to half"]
    assert case["severity by the rule"].spearman > case["mean of stars"].spearman + 0.2
    assert abs(case["severity by the rule"].bias) < 4
    assert case["mean of stars"].bias > 30
    assert "coverage" in in_words(found)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_what_the_method_promises_on_made_up_districts():
    found = measured(World(), districts=60, seed=1)
    for case, methods in found.items():
        ours = methods["severity by the rule"]
        assert 0.88 <= ours.coverage <= 0.93, case
        assert ours.calibration <= 0.01, case
        assert abs(ours.bias) <= 2, case
        assert ours.spearman >= 0.70, case
