"""The reference figures of lme4 1.1-31 on InstEval."""

from functools import cache

import numpy as np
import pytest

from app.rankings.mixed.design import read
from app.rankings.mixed.effects import coefficients, deviations, effects
from app.rankings.mixed.reml import Criterion, fit
from tests.rankings.mixed.data import coded, insteval, stars

# lme4's ranef and condSD of twenty lecturers, and the last one
LME4 = """1258 1.193745003642 .1856829562817 | 1866 1.102341151750 .1131473498131
844 1.076059830666 .1665639934564 | 79 1.073594349460 .1523176907826
1255 1.049525523175 .2244919294868 | 1565 1.016294662470 .1933385301329
240 1.002096467596 .0937544411593 | 1083 .996800549416 .2373379249139
676 .982044567238 .1633715903112 | 925 .967239280893 .1407615960549
1952 .960005332187 .2583657691062 | 193 .953619122416 .1865298440875
66 .941493530424 .0928970578944 | 1819 .931313948446 .1236084413088
1449 .929777664662 .2473173094982 | 145 .923879225998 .2284765571642
287 .923688241980 .2207157107318 | 1426 .922570265664 .2037979662613
888 .921547171463 .1855100551940 | 1919 .916755983932 .0736354809950"""


@cache
def plain():
    d, s = coded("d", "s")
    return fit(read(stars(), {"d": d, "s": s}))


def test_the_criterion_the_variances_and_the_intercept_are_lme4s():
    assert plain().criterion == pytest.approx(237783.88038798, abs=1e-6)
    assert plain().variances["s"] == pytest.approx(0.10621450, rel=1e-5)
    assert plain().variances["d"] == pytest.approx(0.27373487, rel=1e-5)
    assert plain().variances["residual"] == pytest.approx(1.38717971, rel=1e-6)
    assert coefficients(plain())[0] == pytest.approx(3.25415828, abs=1e-7)


def test_the_effects_and_their_deviations_are_lme4s():
    names = np.unique(insteval()["d"]).tolist()
    found, sd = effects(plain()), deviations(plain())
    rows = [row.split() for line in LME4.splitlines() for row in line.split("|")]
    places = [names.index(int(name)) for name, _effect, _sd in rows]
    assert np.abs(found[places] - [float(row[1]) for row in rows]).max() < 1e-5
    assert np.abs(sd[places] - [float(row[2]) for row in rows]).max() < 1e-5
    assert np.argsort(-found)[:20].tolist() == places
    assert names[found.argmin()] == 454
    assert found.min() == pytest.approx(-1.437360, abs=1e-5)


def test_maximum_likelihood_with_service_fixed_and_dept_random_is_lme4s():
    d, s, dept = coded("d", "s", "dept")
    service = insteval()["service"].to_numpy(float)[:, None]
    design = read(stars(), {"d": d, "s": s, "dept": dept}, columns=service)
    assert fit(design, kind=Criterion.ML).criterion == pytest.approx(237721.76878, abs=1e-5)


def test_a_third_crossed_factor_is_lme4s():
    d, s, dept, service = coded("d", "s", "dept", "service")
    _values, both = np.unique(dept * 2 + service, return_inverse=True)
    found = fit(read(stars(), {"d": d, "s": s, "both": both}))
    assert found.criterion == pytest.approx(237658.57833389, abs=1e-5)
    assert found.variances["both"] == pytest.approx(0.01255, rel=1e-3)


def polynomials(levels):
    """R's contrasts of an ordered factor: orthonormal polynomials over the levels."""
    powers = np.vander(np.arange(levels) - (levels - 1) / 2, increasing=True)
    turned, lengths = np.linalg.qr(powers)
    return (turned * np.sign(np.diag(lengths)))[:, 1:]


def test_kinds_as_fixed_effects_are_lme4s():
    d, s, service, lectage, studage = coded("d", "s", "service", "lectage", "studage")
    _values, both = np.unique(coded("dept")[0] * 2 + service, return_inverse=True)
    columns = np.column_stack([service, polynomials(6)[lectage], polynomials(4)[studage]])
    found = fit(read(stars(), {"d": d, "s": s, "both": both}, columns=columns))
    assert found.criterion == pytest.approx(237558.65366493, abs=1e-5)
    assert coefficients(found)[:2] == pytest.approx([3.22622053502, -0.03743403999906], abs=1e-6)


def test_the_full_likelihood_alone_is_lme4s():
    d, s = coded("d", "s")
    found = fit(read(stars(), {"d": d, "s": s}), kind=Criterion.ML)
    assert found.criterion == pytest.approx(237777.72598004, abs=1e-6)


def test_a_fit_may_begin_from_an_earlier_one():
    again = fit(plain().design, start=plain().variances)
    assert again.criterion == pytest.approx(plain().criterion, abs=1e-9)


@pytest.mark.nightly
def test_ratings_that_were_held_out_are_foretold_better_than_by_the_mean():
    d, s = coded("d", "s")
    y, fold = stars(), np.random.default_rng(1).integers(0, 5, len(d))
    errors = {"model": 0.0, "mean": 0.0}
    for number in range(5):
        seen, held = fold != number, fold == number
        known, codes = zip(*(np.unique(f[seen], return_inverse=True) for f in (d, s)), strict=True)
        found = fit(read(y[seen], dict(zip("ds", codes, strict=True))))
        told = coefficients(found)[0] + sum(
            spread(effects(found, name), levels, full.max() + 1)[full[held]]
            for name, levels, full in zip("ds", known, (d, s), strict=True)
        )
        means = np.bincount(codes[0], y[seen]) / np.bincount(codes[0])
        overall = y[seen].mean()
        plain = overall + spread(means - overall, known[0], d.max() + 1)[d[held]]
        errors["model"] += ((y[held] - told) ** 2).sum()
        errors["mean"] += ((y[held] - plain) ** 2).sum()
    assert np.sqrt(errors["model"] / len(y)) <= 1.205
    assert np.sqrt(errors["mean"] / len(y)) == pytest.approx(1.234, abs=0.003)


def spread(values, levels, size):
    """Values of known levels among all; 0 for a level that training never saw."""
    found = np.zeros(size)
    found[levels] = values
    return found
