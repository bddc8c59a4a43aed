"""The screens on tables with a known truth: what they find, and how often they err."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.screening import (
    bursts,
    disagreement,
    facts,
    misfit,
    queries,
    rasch,
    rings,
    straight,
    trial,
)
from app.screening.commands import in_words
from app.screening.facts import Oddity, Work
from app.screening.ratings import Ratings
from tests.rankings.mixed.data import coded, stars


@pytest.fixture(scope="module")
def insteval():
    """73,421 ratings that everybody can fetch; development only."""
    agency, rater = coded("d", "s")
    return Ratings(agency, rater, stars().astype(np.intp))


@pytest.fixture(scope="module")
def expected(insteval):
    return rasch.fit(insteval)


def made(agencies=60, raters=200, each=20, seed=1):
    """Stars drawn from the model itself: nothing is odd."""
    chance = np.random.default_rng(seed)
    agency = np.tile(np.arange(agencies), raters * each // agencies + 1)[: raters * each]
    rater = np.repeat(np.arange(raters), each)
    chance.shuffle(agency)
    eta = chance.normal(0, 0.6, agencies)[agency] + chance.normal(0, 0.4, raters)[rater]
    logits = np.outer(eta, np.arange(5)) - np.cumsum([0, -1.5, -0.5, 0.3, 1.0])
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    given = 1 + (chance.random(len(eta))[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    return Ratings(agency, rater, given.astype(np.intp))


def test_the_model_expects_as_many_of_each_star_as_there_are():
    ratings = made()
    model = rasch.fit(ratings)
    found = np.bincount(ratings.stars - 1, minlength=5)
    assert model.chances.sum(axis=0) == pytest.approx(found, rel=0.02)
    assert model.chances.sum(axis=1) == pytest.approx(np.ones(len(ratings.stars)))
    assert abs(model.residuals.mean()) < 0.02
    assert model.residuals.std() == pytest.approx(1, abs=0.1)


def test_where_nothing_is_odd_almost_nothing_is_raised():
    raised = [0, 0, 0]
    for seed in range(5):
        model = rasch.fit(made(seed=seed))
        found = (straight.screen(model), misfit.screen(model), rings.screen(model))
        raised = [count + len(more) for count, more in zip(raised, found, strict=True)]
    assert raised[0] <= 3  # of 1,000 raters
    assert raised[1] <= 2
    assert raised[2] == 0


def test_the_chance_of_sameness_is_that_of_unequal_coins():
    chances = np.array([[0.5, 0.5, 0, 0, 0], [0.25, 0.75, 0, 0, 0]])
    assert straight._at_least(chances, 2) == pytest.approx(0.5 * 0.25 + 0.5 * 0.75)


def test_one_number_for_everybody_is_raised_and_seven_ratings_are_not_looked_at():
    ratings = made()
    given = ratings.stars.copy()
    given[ratings.rater == 3] = 3
    found = straight.screen(rasch.fit(ratings.with_stars(given)))
    assert 3 in {each.rater for each in found}
    few = np.flatnonzero(ratings.rater == 3)[7:]
    kept = ratings.with_stars(given).but(~np.isin(np.arange(len(given)), few))
    assert 3 not in {each.rater for each in straight.screen(rasch.fit(kept))}


# InstEval: the figures that stand beside every sign


def test_on_real_ratings_straight_lining_errs_rarely_and_finds_almost_all(expected):
    found = trial._straight(expected, np.random.default_rng(1))
    assert found.false_alarms <= 0.002
    assert found.power >= 0.9
    assert found.of > 2500


def test_on_real_ratings_no_ring_is_seen_and_a_planted_one_is_found_and_set_aside(expected):
    assert len(rings.screen(expected)) / rings.screened(expected) <= 0.003
    chance = np.random.default_rng(1)
    target = trial.targets(expected, chance)[0]
    attacked, ring = trial.planted(expected, target, chance)
    flagged = [each for each in rings.screen(rasch.fit(attacked)) if each.agency == target]
    assert len(flagged) == 1
    assert set(ring) <= set(flagged[0].raters)
    before, lifted = trial._ranks(expected.ratings), trial._ranks(attacked)
    after = trial._ranks(rings.without(attacked, flagged))
    assert before[target] - lifted[target] > 50
    assert abs(before[target] - after[target]) < before[target] - lifted[target]


@pytest.mark.nightly
def test_every_figure_that_is_shown_is_measured_again(insteval):
    found = trial.plain(trial.measured(insteval, seed=1))
    assert found == queries.measured()["screens"]


def test_the_figures_that_are_shown_meet_what_was_asked():
    shown = queries.measured()["screens"]
    assert shown["ring"]["false_alarms"] <= 0.003
    assert shown["ring"]["power"] >= 0.95
    assert abs(shown["ring"]["places"]) <= 15
    assert shown["straight"]["false_alarms"] <= 0.002
    assert shown["straight"]["power"] >= 0.9


# The others


def test_a_burst_is_raised_only_where_it_is_a_shift_too():
    chance = np.random.default_rng(2)
    agency = np.repeat(np.arange(20), 30)
    at, residuals = chance.uniform(0, 180, 600), chance.normal(0, 1, 600)
    assert bursts.screen(agency, at, residuals) == []
    within = np.flatnonzero(agency == 4)[:10]
    crowded = at.copy()
    crowded[within] = 90 + chance.uniform(0, 1, 10)
    assert [each.agency for each in bursts.screen(agency, crowded, residuals)] in ([], [4])
    shifted = residuals.copy()
    shifted[within] += 2
    assert [each.agency for each in bursts.screen(agency, crowded, shifted)] == [4]
    assert bursts.screen(np.array([], int), np.array([]), np.array([])) == []


def test_a_kind_of_buyer_that_is_always_apart_is_raised():
    chance = np.random.default_rng(3)
    usual = {n: list(chance.normal(0.3, 0.5, 10)) for n in range(30)}
    assert disagreement.screen(usual) == []
    favoured = {**usual, 7: [each + 1.2 for each in usual[7]]}
    found = disagreement.screen(favoured)
    assert [each.agency for each in found] == [7]
    assert found[0].difference > 0.8
    assert disagreement.screen({1: [1.0] * 5}) == []
    assert disagreement.screen({}) == []


@pytest.mark.parametrize(
    ("work", "found"),
    [
        (Work(5, 5, 6, 0, None), [Oddity.BEST_THOUGH_LATE]),
        (Work(5, 5, 4, 0, None), []),
        (Work(5, 5, None, 0, None), []),
        (Work(1, 1, 0, 0, None), [Oddity.LOW_THOUGH_IN_TIME]),
        (Work(2, 2, -3, 1, None), []),
        (Work(2, 2, 3, 0, None), []),
        (Work(4, 2, 3, 0, "poor"), [Oddity.LOW_AFTER_POOR]),
        (Work(4, 2, 3, 0, "fair"), [Oddity.LOW_AFTER_POOR]),
        (Work(4, 2, 3, 0, "good"), []),
        (Work(4, 3, 3, 0, "poor"), []),
        (Work(None, None, 0, 0, "poor"), []),
    ],
)
def test_stars_that_do_not_go_with_the_facts(work, found):
    assert facts.oddities(work) == found


def test_anybody_may_measure_the_screens_on_a_table_of_their_own(tmp_path):
    ratings = made(agencies=30, raters=80, each=20)
    file = tmp_path / "ratings.csv"
    rows = zip(ratings.stars, ratings.agency, ratings.rater, strict=True)
    file.write_text("y,a,r\n" + "\n".join(f"{y},{a},{r}" for y, a, r in rows))
    asked = ["screens", "measure", str(file), "--rating", "y", "--agency", "a", "--rater", "r"]
    told = CliRunner().invoke(main, [*asked, "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["straight"]["power"] > 0.2
    assert "false alarms" in in_words(json.loads(told.output))
    file.write_text("y,a,r\n7,1,1\n3,2,1\n4,1,2\n2,2,2\n")
    assert CliRunner().invoke(main, asked).exit_code == 1
