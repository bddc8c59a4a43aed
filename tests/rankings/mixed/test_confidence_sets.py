import numpy as np
import pytest

from app.rankings.mixed.confidence_sets import marginal, simultaneous
from app.rankings.mixed.terms import CannotFit

ESTIMATES = np.array([4.62, 4.55, 4.41, 4.30, 4.28, 4.02, 3.85, 3.40])
ERRORS = np.array([0.10, 0.22, 0.08, 0.15, 0.30, 0.12, 0.18, 0.25])


@pytest.mark.parametrize("seed", range(3))
def test_the_sets_are_those_of_the_vector(seed):
    low, high = marginal(ESTIMATES, ERRORS, seed=seed)
    assert low.tolist() == [1, 1, 1, 1, 1, 3, 3, 5]
    assert high.tolist() == [5, 7, 5, 7, 8, 8, 8, 8]
    low, high = simultaneous(ESTIMATES, ERRORS, seed=seed)
    assert low.tolist() == [1, 1, 1, 1, 1, 2, 2, 5]
    assert high.tolist() == [5, 7, 7, 7, 8, 8, 8, 8]


def test_a_covariance_serves_as_well_as_errors():
    plain = marginal(ESTIMATES, ERRORS, seed=1)
    whole = marginal(ESTIMATES, np.diag(ERRORS**2), seed=1)
    assert all((a == b).all() for a, b in zip(plain, whole, strict=True))


def test_what_all_estimates_share_doesnt_blur_their_order():
    shared = np.diag(ERRORS**2) + 4.0
    low, high = marginal(ESTIMATES, shared, seed=1)
    assert low.tolist() == [1, 1, 1, 1, 1, 3, 3, 5]
    assert high.tolist() == [5, 7, 5, 7, 8, 8, 8, 8]


def test_sets_hold_the_true_rank_as_often_as_promised():
    truth, chance = np.linspace(1, 0, 8), np.random.default_rng(2)
    held, together = [], []
    for number in range(150):
        seen = truth + ERRORS * chance.standard_normal(8)
        low, high = marginal(seen, ERRORS, coverage=0.9, seed=number, draws=1000)
        held.append(((low <= np.arange(1, 9)) & (np.arange(1, 9) <= high)).mean())
        low, high = simultaneous(seen, ERRORS, coverage=0.9, seed=number, draws=1000)
        together.append(((low <= np.arange(1, 9)) & (np.arange(1, 9) <= high)).all())
    assert np.mean(held) >= 0.9
    assert np.mean(together) >= 0.87  # .9 less two standard errors of 150 trials


@pytest.mark.parametrize(
    ("estimates", "errors", "coverage"),
    [(ESTIMATES[:1], ERRORS[:1], 0.9), (ESTIMATES, ERRORS, 1.0), (ESTIMATES, ERRORS * 0, 0.9)],
)
def test_what_has_no_set_is_refused(estimates, errors, coverage):
    with pytest.raises(CannotFit):
        marginal(estimates, errors, coverage=coverage, seed=1)
