"""The model against dense linear algebra, and the promises that the portal prints."""

import numpy as np
import pytest
from scipy import optimize

from app.rankings.mixed import solvers
from app.rankings.mixed.design import read
from app.rankings.mixed.effects import coefficients, deviations, doubts, effects, ledger
from app.rankings.mixed.reml import Criterion, at, fit
from app.rankings.mixed.terms import CannotFit
from tests.rankings.mixed.data import made


def dense(y, factors, variances, columns, weights):
    """Coefficients, effects and -2 log restricted likelihood by the covariance matrix of y."""
    x = np.column_stack([np.ones(len(y)), columns])
    blocks = {name: np.eye(codes.max() + 1)[codes] for name, codes in factors.items()}
    v = variances["residual"] * np.diag(1 / weights)
    v += sum(variances[name] * z @ z.T for name, z in blocks.items())
    inverse = np.linalg.inv(v)
    among = x.T @ inverse @ x
    beta = np.linalg.solve(among, x.T @ inverse @ y)
    left = y - x @ beta
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(among)[1] + left @ inverse @ left
    found = {name: variances[name] * z.T @ inverse @ left for name, z in blocks.items()}
    return beta, found, logs + (len(y) - x.shape[1]) * np.log(2 * np.pi)


@pytest.fixture(params=["more raters", "more agencies"])
def table(request):
    sizes = {"more raters": (20, 60), "more agencies": (60, 20)}[request.param]
    y, agency, rater = made(*sizes, 400)
    chance = np.random.default_rng(5)
    job = chance.permutation(np.arange(400) % 15)
    columns = chance.integers(0, 2, (400, 2)).astype(float)
    return y, {"agency": agency, "rater": rater, "job": job}, columns, 0.5 + chance.random(400)


def test_solution_and_criterion_are_those_of_the_whole_covariance(table):
    y, factors, columns, weights = table
    found = fit(read(y, factors, columns=columns, weights=weights))
    variances = {name: found.residual / ratio for name, ratio in found.ratios.items()}
    variances["residual"] = found.residual
    beta, u, criterion = dense(y, factors, variances, columns, weights)
    assert found.criterion == pytest.approx(criterion, abs=1e-7)
    assert np.abs(coefficients(found) - beta).max() < 1e-9
    assert max(np.abs(effects(found, name) - u[name]).max() for name in factors) < 1e-9


def test_no_other_variances_have_a_lower_criterion(table):
    y, factors, columns, weights = table
    for kind in Criterion:
        found = fit(read(y, factors, columns=columns, weights=weights), kind=kind)
        for name in ("agency", "rater", "job"):
            for change in (0.98, 1.02):
                moved = {**found.variances, name: found.variances[name] * change}
                assert at(found.design, moved, kind).criterion >= found.criterion - 1e-9


def test_the_clerks_formula_holds_for_every_agency(table):
    y, factors, columns, weights = table
    for unshrunk in (None, "rater"):
        found = fit(read(y, factors, columns=columns, weights=weights, unshrunk=unshrunk))
        book = ledger(found)
        assert np.abs(book.scores - book.overall - effects(found)).max() < 1e-9
        assert (book.reliability < 1).all()
        assert np.average(book.taken["columns"], weights=weights) == pytest.approx(0, abs=1e-12)


def test_a_constant_on_a_whole_role_moves_no_agency():
    y, agency, rater = made(30, 90, 900)
    role = rater % 3
    columns = (role[:, None] == [1, 2]).astype(float)
    for unshrunk in (None, "rater"):
        before, after = (
            effects(
                fit(
                    read(
                        stars,
                        {"agency": agency, "rater": rater},
                        columns=columns,
                        unshrunk=unshrunk,
                    )
                )
            )
            for stars in (y, y + 1.75 * (role == 1))
        )
        assert np.abs(after - before).max() < 1e-8


def test_unshrunk_raters_are_as_least_squares_with_a_ridge_on_agencies():
    y, agency, rater = made(12, 30, 300)
    found = fit(read(y, {"a": agency, "r": rater}, unshrunk="r"))
    ratio = found.ratios["a"]
    table = np.hstack([np.eye(12)[agency], np.eye(30)[rater]])
    ridge = np.diag([ratio] * 12 + [0.0] * 30)
    expected = np.linalg.solve(table.T @ table + ridge, table.T @ y)
    assert np.abs(effects(found) - expected[:12]).max() < 1e-9
    assert set(found.variances) == {"a", "residual"}
    average = np.average(expected[12:][rater])
    assert coefficients(found)[0] == pytest.approx(average, abs=1e-9)
    assert np.abs(effects(found, "r") - (expected[12:] - average)).max() < 1e-9


def test_deviations_are_those_of_the_inverse(table):
    y, factors, columns, weights = table
    found = fit(read(y, factors, columns=columns, weights=weights))
    design = found.design
    whole = design.times(np.eye(len(design.right))) + np.diag(found.ridge)
    random = np.ones(len(whole), dtype=bool)
    random[design.places["columns"]] = False
    for name in factors:
        place = design.places[name]
        full = np.diagonal(np.linalg.inv(whole))[place]
        assert doubts(found, name) == pytest.approx(np.sqrt(found.residual * full), rel=1e-8)
        held = np.zeros(len(whole))
        held[random] = np.diagonal(np.linalg.inv(whole[np.ix_(random, random)]))
        expected = np.sqrt(found.residual * held[place])
        assert deviations(found, name) == pytest.approx(expected, rel=1e-8)


def test_the_iterative_solver_comes_to_the_same(monkeypatch):
    y, agency, rater = made(300, 900, 20000)
    design = read(y, {"a": agency, "r": rater})
    exact = fit(design)
    monkeypatch.setattr(solvers, "DENSE", 10)
    same = at(design, exact.variances)
    assert same.criterion is None
    assert np.abs(same.solution - exact.solution).max() < 1e-9
    assert doubts(same) == pytest.approx(doubts(exact), rel=0.03)
    probed = fit(design)
    assert probed.variances["a"] == pytest.approx(exact.variances["a"], rel=2e-3)
    assert np.abs(effects(probed) - effects(exact)).max() < 1e-3


def test_a_variance_of_zero_is_told_as_zero():
    chance = np.random.default_rng(3)
    agency, rater = np.arange(600) % 20, chance.permutation(np.arange(600) % 40)
    y = chance.standard_normal(600)
    y -= np.bincount(agency, y)[agency] / 30  # no differences at all between agencies
    found = fit(read(y, {"a": agency, "r": rater}))
    assert found.variances["a"] == 0
    assert np.abs(effects(found)).max() < 1e-6


def test_a_weight_of_two_is_two_ratings():
    y, agency, rater = made(15, 25, 250)
    twice = np.arange(250) < 100
    weights = 1.0 + twice
    doubled = [np.concatenate([part, part[twice]]) for part in (y, agency, rater)]
    variances = {"a": 0.2, "r": 0.1, "residual": 1.0}
    one = at(read(y, {"a": agency, "r": rater}, weights=weights), variances)
    two = at(read(doubled[0], {"a": doubled[1], "r": doubled[2]}), variances)
    assert np.abs(effects(one) - effects(two)).max() < 1e-10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stars": np.full(40, 4.0)}, "don't vary"),
        ({"stars": np.full(40, np.nan)}, "finite"),
        ({"weights": np.zeros(40)}, "above zero"),
        ({"columns": np.ones((39, 1))}, "length"),
        ({"agency": np.zeros(40, dtype=int)}, "told apart"),
        ({"agency": np.arange(40)}, "told apart"),
        ({"agency": np.arange(40) % 5 * 2}, "no rating"),
        ({"agency": np.arange(39)}, "39 codes"),
    ],
)
def test_a_table_that_answers_nothing_is_refused(change, words):
    given = {"stars": np.arange(40.0) % 7, "agency": np.arange(40) % 5, "rater": np.arange(40) % 8}
    given |= {"columns": None, "weights": None} | change
    with pytest.raises(CannotFit, match=words):
        factors = {"agency": given["agency"], "rater": given["rater"]}
        read(given["stars"], factors, columns=given["columns"], weights=given["weights"])


def test_a_table_without_remainder_is_refused():
    agency, rater = (part.ravel() for part in np.mgrid[0:6, 0:5])
    with pytest.raises(CannotFit, match="remainder|settle|told apart"):
        fit(read(1.0 * agency + 2.0 * rater, {"a": agency, "r": rater}))


def test_columns_that_repeat_others_change_nothing():
    y, agency, rater = made(10, 20, 200)
    one = (rater % 2).astype(float)[:, None]
    plain = fit(read(y, {"a": agency, "r": rater}, columns=one))
    twice = fit(read(y, {"a": agency, "r": rater}, columns=np.hstack([one, 1 - one])))
    assert np.abs(effects(plain) - effects(twice)).max() < 1e-9
    assert twice.criterion == pytest.approx(plain.criterion, abs=1e-8)


@pytest.mark.parametrize("seed", range(12))
def test_no_search_finds_a_lower_criterion(seed):
    chance = np.random.default_rng(seed)
    agency, rater = chance.permutation(np.arange(90) % 9), np.arange(90) % 14
    spread = chance.choice([0, 0.1, 1, 5], 2)
    y = chance.standard_normal(90) + spread[0] * chance.standard_normal(9)[agency]
    y = y + spread[1] * chance.standard_normal(14)[rater]
    found = fit(read(y, {"a": agency, "r": rater}))

    def criterion(logs):
        there = dict(zip("ar", np.exp(np.clip(logs, -25, 10)), strict=True))
        return at(found.design, {**there, "residual": 1.0}).criterion

    best = min(
        optimize.minimize(criterion, np.full(2, start), method="Nelder-Mead").fun
        for start in (-6.0, -1.0, 2.0)
    )
    assert found.criterion <= best + 1e-6
