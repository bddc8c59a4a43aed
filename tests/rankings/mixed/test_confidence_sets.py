import numpy as np
import pytest

from app.rankings.mixed.confidence_sets import evidence, marginal, simultaneous
from app.rankings.mixed.design import read
from app.rankings.mixed.reml import fit
from app.rankings.mixed.terms import CannotFit
from tests.rankings.mixed.data import made

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


@pytest.mark.parametrize("sizes", [(12, 40), (40, 12)])
def test_evidence_is_generalised_least_squares_with_agencies_fixed(sizes):
    y, agency, rater = made(*sizes, 400)
    found = fit(read(y, {"a": agency, "r": rater}))
    estimates, covariance = evidence(found)
    z = np.eye(sizes[1])[rater]
    inverse = np.linalg.inv(
        found.residual * np.eye(400) + found.residual / found.ratios["r"] * z @ z.T
    )
    x = np.eye(sizes[0])[agency]
    among = np.linalg.inv(x.T @ inverse @ x)
    plain = among @ x.T @ inverse @ y
    assert np.abs((estimates - estimates[0]) - (plain - plain[0])).max() < 1e-4

    def between(c):
        return np.diagonal(c)[1:] + c[0, 0] - 2 * c[0, 1:]

    assert between(covariance) == pytest.approx(between(among), rel=1e-3)
    low, high = marginal(estimates, covariance, seed=1, draws=2000)
    best = int(estimates.argmax())
    assert low[best] == 1
    assert (low <= high).all()


def test_agencies_that_nothing_joins_are_never_proven():
    y, agency, rater = made(6, 10, 300)
    other, theirs, others = made(6, 10, 300, seed=2)
    factors = {"a": np.concatenate([agency, theirs + 6]), "r": np.concatenate([rater, others + 10])}
    found = fit(read(np.concatenate([y, other + 2]), factors, unshrunk="r"))
    low, high = marginal(*evidence(found), seed=1, draws=2000)
    assert (low <= 6).all()
    assert (high >= 7).all()
