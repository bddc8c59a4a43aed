import numpy as np
import pytest

from app.rankings.mixed import solvers
from app.rankings.mixed.design import read
from app.rankings.mixed.effects import doubts, effects
from app.rankings.mixed.posterior import draws, ranks
from app.rankings.mixed.reml import at, fit
from app.rankings.mixed.terms import CannotFit
from tests.rankings.mixed.data import made


@pytest.mark.parametrize("sizes", [(15, 40), (40, 15)])
@pytest.mark.parametrize("unshrunk", [None, "r"])
def test_draws_have_the_joint_law_of_the_equations(sizes, unshrunk):
    y, agency, rater = made(*sizes, 300)
    found = fit(read(y, {"a": agency, "r": rater}, unshrunk=unshrunk))
    design = found.design
    whole = design.times(np.eye(len(design.right))) + np.diag(found.ridge)
    place = design.places["a"]
    covariance = found.residual * np.linalg.inv(whole)[place, place]
    drawn = draws(found, seed=7, count=40000)
    spread = np.sqrt(np.diagonal(covariance))
    assert np.abs((drawn.mean(axis=0) - effects(found)) / spread).max() < 0.03
    off = (np.cov(drawn.T) - covariance) / np.outer(spread, spread)
    assert np.abs(off).max() < 0.04


def test_the_same_seed_draws_the_same():
    y, agency, rater = made(15, 40, 300)
    found = fit(read(y, {"a": agency, "r": rater}))
    assert (draws(found, seed=7) == draws(found, seed=7)).all()
    assert (draws(found, seed=7) != draws(found, seed=8)).any()


def test_too_wide_a_table_draws_agencies_by_themselves(monkeypatch):
    y, agency, rater = made(50, 90, 2000)
    exact = fit(read(y, {"a": agency, "r": rater}))
    monkeypatch.setattr(solvers, "DENSE", 10)
    found = at(exact.design, exact.variances)
    spread = draws(found, seed=1, count=4000).std(axis=0)
    assert spread == pytest.approx(doubts(exact), rel=0.1)


def test_ranks_are_inverted_cdf_quantiles():
    chance = np.random.default_rng(1)
    drawn = chance.standard_normal((1000, 12)) + np.linspace(1, 0, 12)
    found = ranks(drawn, level=0.9, best=3)
    each = 1 + (drawn[:, None, :] > drawn[:, :, None]).sum(axis=2)
    for held, share in ((found.low, 0.05), (found.middle, 0.5), (found.high, 0.95)):
        assert (held == np.quantile(each, share, axis=0, method="inverted_cdf")).all()
    assert found.top == pytest.approx((each <= 3).mean(axis=0))
    assert found.top.sum() == pytest.approx(3)


@pytest.mark.parametrize("level", [0, 1, -1])
def test_a_level_is_a_share(level):
    with pytest.raises(CannotFit):
        ranks(np.zeros((3, 2)), level=level)
