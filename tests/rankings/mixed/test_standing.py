from dataclasses import replace

import numpy as np
import pytest

from app.rankings.mixed.simulation import World, drawn
from app.rankings.mixed.standing import Rating, standings
from app.rankings.mixed.terms import CannotFit

WORLD = World(agencies=30, engagements=200, raters=24)


def ratings_of(world=WORLD, seed=1):
    made = drawn(world, seed=seed)
    chance = np.random.default_rng(seed)
    jobs = [f"{agency}-{chance.integers(0, 6)}" for agency in made.agency]
    return [
        Rating(f"机构{a}", job, f"人{r}", f"role {k}", "评价" if a % 2 else "评审", star, months=m)
        for a, job, r, k, star, m in zip(made.agency.tolist(), jobs, made.rater.tolist(),
                                         made.kind.tolist(), made.stars.tolist(),
                                         chance.integers(0, 36, len(jobs)).tolist(), strict=True)
    ]  # fmt: skip


def test_every_agencys_score_is_the_clerks_formula():
    found = standings(ratings_of(), seed=1)
    assert len(found.agencies) == 30
    for row in found.agencies:
        reliability = row.mass / (row.mass + found.shrinkage)
        assert row.reliability == pytest.approx(reliability, abs=1e-12)
        assert row.score == pytest.approx(found.overall + reliability * row.corrected, abs=1e-12)
        assert row.low <= row.rank <= row.high
    assert [row.rank for row in found.agencies] == list(range(1, 31))
    assert sum(row.top for row in found.agencies) == pytest.approx(10)
    assert found.choice.reason == "ample"


def test_the_order_of_the_ratings_changes_no_digit():
    ratings = ratings_of()
    mixed = [ratings[place] for place in np.random.default_rng(3).permutation(len(ratings))]
    assert standings(ratings, seed=1).agencies == standings(mixed, seed=1).agencies


def test_a_role_that_is_stricter_as_a_whole_harms_nobody():
    ratings = ratings_of()
    stricter = [replace(r, star=r.star - 0.5) if r.role == "role 2" else r for r in ratings]
    before = {row.agency: row.score for row in standings(ratings, seed=1).agencies}
    after = {row.agency: row.score for row in standings(stricter, seed=1).agencies}
    shifts = [after[agency] - before[agency] for agency in before]
    assert max(shifts) - min(shifts) < 1e-8


def test_agencies_without_common_raters_are_ranked_apart():
    here, there = ratings_of(), ratings_of(replace(WORLD, agencies=10, engagements=80), seed=2)
    there = [replace(r, agency=f"远{r.agency}", rater=f"远{r.rater}") for r in there]
    found = standings([*here, *there], seed=1).agencies
    assert {row.part for row in found if str(row.agency).startswith("远")} == {1}
    assert sorted(row.rank for row in found if row.part == 1) == list(range(1, 11))


def test_old_ratings_count_less():
    young = [replace(r, months=0.0) for r in ratings_of()]
    old = [replace(r, months=24.0) for r in young]
    first, second = standings(young, seed=1), standings(old, seed=1)
    assert second.agencies[0].mass == pytest.approx(first.agencies[0].mass / 2)
    assert [row.agency for row in first.agencies] == [row.agency for row in second.agencies]


def test_one_rating_an_engagement_needs_no_engagement_effect():
    alone = [replace(r, engagement=number) for number, r in enumerate(ratings_of())]
    assert "engagement" not in standings(alone, seed=1).variances


@pytest.mark.parametrize("some", [0, 1, 3])
def test_too_little_is_refused(some):
    with pytest.raises(CannotFit):
        standings(ratings_of()[:some], seed=1)
