"""The method bayes/1: its identity, its invariances, and what it refuses to say."""

import random
import time
from dataclasses import asdict, replace

import pytest

from app.rankings import model, places, record
from app.rankings.model import Rating, Rules

RULES = Rules(
    {"quality": 40, "efficiency": 20, "communication": 20, "satisfaction": 20},
    {"performance": 40, "section": 30, "unit": 30},
)
DIMENSIONS, PARTIES = tuple(RULES.dimension_weights), tuple(RULES.party_weights)


def ratings_of(seed, agencies=14, largest=14):
    """Ratings of a made-up district: agencies differ, some voices are missing."""
    dice = random.Random(seed)
    found, engagement = [], 0
    for agency in range(1, agencies + 1):
        good = dice.gauss(3.8, 0.5)
        for _ in range(dice.randint(1, largest)):
            engagement += 1
            job = dice.gauss(good, 0.4)
            for party in PARTIES:
                if dice.random() < 0.85:
                    stars = {d: star(dice, job) for d in DIMENSIONS}
                    found.append(Rating(agency, engagement, party, stars))
    return found


def star(dice, job):
    if dice.random() < 0.05:
        return None
    return min(5, max(1, round(dice.gauss(job, 0.6))))


def estimates_of(ratings, rules=RULES):
    jobs = model.jobs_of(ratings, rules)
    spread = model.spread_of(jobs, rules.prior_weight)
    known = [model.estimate(a, own, spread) for a, own in model.by_agency(jobs).items()]
    return spread, known


def test_a_missing_dimension_re_scales_the_weights():
    stars = {"quality": 5, "efficiency": None, "communication": 2, "satisfaction": None}
    [job] = model.jobs_of([Rating(1, 1, "unit", stars)], RULES)
    assert job.score == pytest.approx((40 * 5 + 20 * 2) / 60)


def test_a_missing_party_re_scales_the_weights_and_is_never_a_star():
    five, two = dict.fromkeys(DIMENSIONS, 5), dict.fromkeys(DIMENSIONS, 2)
    [job] = model.jobs_of([Rating(1, 1, "performance", five), Rating(1, 1, "unit", two)], RULES)
    assert job.score == pytest.approx((40 * 5 + 30 * 2) / 70)
    assert "section" not in job.parties


def test_many_units_of_one_contract_are_one_voice():
    five, one = dict.fromkeys(DIMENSIONS, 5), dict.fromkeys(DIMENSIONS, 1)
    units = [Rating(1, 1, "unit", one) for _ in range(50)]
    [job] = model.jobs_of([Rating(1, 1, "performance", five), *units], RULES)
    assert job.score == pytest.approx((40 * 5 + 30 * 1) / 70)
    assert job.reviews == {"performance": 1, "unit": 50}


def test_only_not_applicable_and_a_party_that_is_switched_off_give_no_engagement():
    nothing = Rating(1, 1, "unit", dict.fromkeys(DIMENSIONS))
    off = replace(RULES, party_weights={"performance": 1, "unit": 0})
    assert model.jobs_of([nothing], RULES) == []
    assert model.jobs_of([Rating(1, 1, "unit", dict.fromkeys(DIMENSIONS, 4))], off) == []


@pytest.mark.parametrize("seed", range(8))
def test_the_clerks_formula_holds_for_every_agency(seed):
    spread, known = estimates_of(ratings_of(seed))
    for each in known:
        n, shrinkage = each.engagements, spread.shrinkage
        told = spread.overall + n / (n + shrinkage) * (each.mean - spread.overall)
        assert abs(told - each.score) < 1e-9
        assert each.low < each.score < each.high


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_the_data_changes_a_digit(seed):
    ratings = ratings_of(seed)
    mixed = list(ratings)
    random.Random(seed + 100).shuffle(mixed)
    listed = range(1, 20)
    told = [record.exact(record.result_of(r, listed, RULES, 7)) for r in (ratings, mixed)]
    assert told[0] == told[1]


def test_a_constant_on_all_stars_moves_every_score_by_it_and_no_rank():
    ratings = [
        replace(each, stars={d: min(s or 3, 4) for d, s in each.stars.items()})
        for each in ratings_of(3)
    ]
    moved = [replace(each, stars={d: s + 1 for d, s in each.stars.items()}) for each in ratings]
    (before, known), (after, shifted) = estimates_of(ratings), estimates_of(moved)
    assert after.shrinkage == pytest.approx(before.shrinkage, abs=1e-9)
    for one, other in zip(known, shifted, strict=True):
        assert other.score - one.score == pytest.approx(1, abs=1e-9)
        assert other.error == pytest.approx(one.error, abs=1e-9)
    ranks = [places.places_of(k, s, 5) for k, s in ((known, before), (shifted, after))]
    assert [asdict(p) for p in ranks[0]] == [asdict(p) for p in ranks[1]]


def test_more_evidence_makes_more_reliable_and_less_drawn_in():
    five, three = dict.fromkeys(DIMENSIONS, 5), dict.fromkeys(DIMENSIONS, 3)
    ratings = [Rating(1, 1, p, five) for p in PARTIES]
    ratings += [Rating(2, n, p, five) for n in range(2, 8) for p in PARTIES]
    ratings += [Rating(3, n, p, three) for n in range(10, 20) for p in PARTIES]
    spread, known = estimates_of(ratings)
    assert spread.source == "few-data"
    assert spread.shrinkage == RULES.prior_weight
    one, six, _ = known
    assert one.score < six.score < 5
    assert one.reliability < six.reliability
    assert one.error > six.error
    assert not one.has_place(RULES)
    assert six.has_place(RULES)


def test_agencies_without_a_difference_fall_back_to_the_prior_and_say_so():
    dice = random.Random(1)
    ratings = []
    for agency in range(1, 11):
        for n in range(4):
            stars = dict.fromkeys(DIMENSIONS, 3 + (n % 2) * 2 - dice.randint(0, 1))
            ratings.append(Rating(agency, agency * 10 + n, "unit", stars))
    spread, _known = estimates_of(ratings)
    assert spread.source == "no-difference"
    assert spread.shrinkage == RULES.prior_weight


def test_a_district_of_believable_size_is_estimated_near_its_truth():
    dice = random.Random(11)
    ratings, engagement = [], 0
    for agency in range(1, 201):
        good = dice.gauss(4, 0.4)
        for _ in range(10):
            engagement += 1
            job = dice.gauss(good, 0.8)
            # a dimension's stars need not be whole for the arithmetic
            ratings.append(Rating(agency, engagement, "unit", dict.fromkeys(DIMENSIONS, job)))
    spread, _known = estimates_of(ratings)
    assert spread.source == "estimated"
    assert spread.within == pytest.approx(0.64, rel=0.1)
    assert spread.between == pytest.approx(0.16, rel=0.3)


def test_the_same_seed_gives_the_same_places_and_intervals_hold_the_rank():
    spread, known = estimates_of(ratings_of(5))
    first, second = (places.places_of(known, spread, 42) for _ in range(2))
    assert first == second
    assert [p.rank for p in first] == list(range(1, len(known) + 1))
    assert all(p.low <= p.rank <= p.high for p in first)
    assert sum(p.top for p in first) == pytest.approx(min(5, len(known)))


def test_rank_intervals_cover_the_truth_about_as_often_as_they_say():
    covered = told = 0
    for seed in range(30):
        dice = random.Random(seed)
        truth = {agency: dice.gauss(4, 0.4) for agency in range(1, 25)}
        ratings, engagement = [], 0
        for agency, good in truth.items():
            for _ in range(dice.randint(4, 20)):
                engagement += 1
                stars = dict.fromkeys(DIMENSIONS, dice.gauss(good, 0.7))
                ratings.append(Rating(agency, engagement, "unit", stars))
        spread, known = estimates_of(ratings)
        real = {a: n for n, a in enumerate(sorted(truth, key=truth.get, reverse=True), 1)}
        for place in places.places_of(known, spread, seed):
            covered += place.low <= real[place.agency] <= place.high
            told += 1
    assert 0.86 <= covered / told <= 0.96


def test_bands_follow_the_interval_and_nothing_else():
    spread, known = estimates_of(ratings_of(2, agencies=30, largest=20))
    for each in known:
        band = places.band_of(each, spread)
        assert (band == "A") == (each.low > spread.overall)
        assert (band == "C") == (each.high < spread.overall)


def test_fewer_than_three_reviews_show_no_figure_and_move_no_mean():
    ratings = ratings_of(6)
    few = [Rating(99, 9999, "unit", dict.fromkeys(DIMENSIONS, n)) for n in (1, 5)]
    told = [record.result_of([*ratings, each], [99, 100], RULES, 1) for each in few]
    assert record.exact(told[0]) == record.exact(told[1])
    row = next(r for r in told[0]["rows"] if r["agency"] == 99)
    assert row == {
        "agency": 99,
        "state": "insufficient",
        "engagements": 1,
        "reviews": 1,
        "reliability": 0.0,
    }
    unrated = next(r for r in told[0]["rows"] if r["agency"] == 100)
    assert unrated["state"] == "unrated"


def test_roles_are_told_only_where_none_of_them_is_one_person():
    five = dict.fromkeys(DIMENSIONS, 5)
    ratings = [Rating(1, n, p, five) for n in range(3) for p in ("performance", "unit")]
    alone = [*ratings, Rating(1, 0, "section", five)]
    rows = [record.result_of(r, [1], RULES, 1)["rows"][0] for r in (ratings, alone)]
    assert rows[0]["parties"] == {"performance": 5.0, "unit": 5.0}
    assert rows[1]["parties"] == {}


def test_nothing_rated_is_told_as_such():
    told = record.result_of([], [1, 2], RULES, 1)
    assert told["spread"] is None
    assert [row["state"] for row in told["rows"]] == ["unrated", "unrated"]


def test_what_is_not_proven_is_named():
    def place(rank, low, high, band):
        return places.Place(rank, rank, low, high, 0.5, band)

    clear = [place(1, 1, 1, "A"), place(2, 2, 3, "B"), place(3, 2, 3, "C")]
    mixed = [place(1, 1, 3, "A"), place(2, 1, 3, "B"), place(3, 2, 3, "C")]
    assert places.unproven(clear) is None
    assert places.unproven(mixed) == (1, 2, 2)
    assert places.unproven([]) is None


def test_a_district_ranks_within_a_second():
    began = time.perf_counter()
    record.result_of(ratings_of(1, agencies=40, largest=80), range(1, 41), RULES, 1)
    assert time.perf_counter() - began < 3
