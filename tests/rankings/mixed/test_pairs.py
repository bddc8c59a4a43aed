"""The pairs' sums beside the same products of dense matrices."""

import numpy as np
import pytest
from scipy import sparse

from app.rankings.mixed import pairs
from app.rankings.mixed.pairs import Pairs

ROWS, WIDTH = 60, 17


@pytest.fixture(params=[2**23, 40, 1], ids=["one-block", "blocks", "a-block-a-row"])
def table(request, monkeypatch):
    """A weighted table, a row of which is empty; in one block that is kept, and in several."""
    monkeypatch.setattr(pairs, "KEEP", request.param)
    chance = np.random.default_rng(5)
    dense = chance.uniform(0.2, 3, (ROWS, WIDTH)) * (chance.random((ROWS, WIDTH)) < 0.4)
    dense[[0, 31]] = 0
    return dense


def test_the_lower_triangle_is_summed(table):
    scale = np.linspace(-1, 2, ROWS)
    found = Pairs(sparse.csr_array(table)).summed(scale)
    assert found.flags.f_contiguous
    np.testing.assert_allclose(np.tril(found), np.tril(table.T @ (scale[:, None] * table)))
    assert not np.triu(found, 1).any()


def test_a_symmetric_matrix_is_read_by_its_lower_half(table):
    scale = np.linspace(0.5, 2, ROWS)
    half = np.asfortranarray(np.random.default_rng(6).normal(size=(WIDTH, WIDTH)))
    whole = np.tril(half) + np.tril(half, -1).T
    wanted = ((table.T @ (scale[:, None] * table)) * whole).sum()
    told = Pairs(sparse.csr_array(table))
    assert told.against(scale, half) == pytest.approx(wanted, rel=1e-12)
    assert (told.kept is None) == (told.ends[-1] > pairs.KEEP)
