"""Two ways through the mixed model's equations: a dense Cholesky factor, or conjugate gradients."""

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from app.rankings.mixed.design import CannotFit, Design, Floats

DENSE = 5000  # levels after elimination up to which the factor is dense: 8·m² bytes, thrice
PROBES = 64
PRECISE, STEPS = 1e-11, 2000  # conjugate gradients: relative residual, and when to give up


class Solver(Protocol):
    """C = T'WT + ridge, ready to be asked."""

    log_determinant: float | None

    def solve(self, right: Floats) -> Floats:
        """C⁻¹ times each column: (N, c) to (N, c)."""

    def trace(self, name: str) -> float:
        """The trace of a factor's block of C⁻¹."""


class Exact:
    """The eliminated factor's Schur complement S (m, m), factored densely.

    Costs Σ n_r² + m³ a factor, n_r the ratings of a level of the eliminated factor.
    """

    def __init__(self, design: Design, ridge: Floats) -> None:
        first = len(design.own)
        self.design = design
        self.diagonal = design.own + ridge[:first]
        schur = design.rest.toarray(order="F") - self._folded(1.0)
        schur[np.diag_indices_from(schur)] += ridge[first:]
        self.factor, failed = lapack.dpotrf(schur, lower=1, clean=1, overwrite_a=1)
        if failed:
            raise CannotFit("the fixed effects can't be told apart")
        logs = np.log(self.diagonal).sum() + 2 * np.log(np.diagonal(self.factor)).sum()
        self.log_determinant: float | None = float(logs)

    def _folded(self, power: float) -> Floats:
        """cross' · diagonal^-power · cross, dense (m, m)."""
        cross = self.design.cross
        scale = np.repeat(self.diagonal ** (-power / 2), np.diff(cross.indptr))
        scaled = sparse.csr_array((cross.data * scale, cross.indices, cross.indptr), cross.shape)
        return (scaled.T @ scaled).toarray(order="F")

    def solve(self, right: Floats) -> Floats:
        cross, first = self.design.cross, len(self.diagonal)
        top = right[:first] / self.diagonal[:, None]
        rest, _ = lapack.dpotrs(self.factor, right[first:] - cross.T @ top, lower=1)
        return np.vstack([top - (cross @ rest) / self.diagonal[:, None], rest])

    @cached_property
    def inverse(self) -> Floats:
        """The lower triangle of S⁻¹, zeros above it."""
        inverse, _ = lapack.dpotri(self.factor, lower=1)
        return inverse

    def trace(self, name: str) -> float:
        place, first = self.design.places[name], len(self.diagonal)
        diagonal = np.diagonal(self.inverse)
        if place.start:
            return float(diagonal[place.start - first : place.stop - first].sum())
        folded = self._folded(2.0)
        both = 2 * np.vdot(self.inverse, folded) - diagonal @ np.diagonal(folded)
        return float((1 / self.diagonal).sum() + both)

    def variances(self, name: str) -> Floats:
        """The diagonal of a factor's block of C⁻¹."""
        place, first = self.design.places[name], len(self.diagonal)
        if place.start:
            return np.diagonal(self.inverse)[place.start - first : place.stop - first].copy()
        whole = self.inverse + np.tril(self.inverse, -1).T
        folded = np.empty(first)
        for start in range(0, first, 1000):
            rows = self.design.cross[start : start + 1000]
            folded[start : start + 1000] = rows.multiply(rows @ whole).sum(axis=1)
        return 1 / self.diagonal + folded / self.diagonal**2


class Iterative:
    """Conjugate gradients on the Schur complement, traces by Rademacher probes (Hutchinson 1990).

    The probes are drawn once from the seed, so that an iteration moves by its data alone.
    """

    log_determinant: float | None = None

    def __init__(
        self, design: Design, ridge: Floats, *, seed: int = 1, probes: int = PROBES
    ) -> None:
        first = len(design.own)
        self.design, self.seed, self.probes = design, seed, probes
        self.diagonal = design.own + ridge[:first]
        self.ridge = ridge[first:]
        self.across = design.cross.T.tocsr()
        square = sparse.csr_array(
            (self.across.data**2, self.across.indices, self.across.indptr), self.across.shape
        )
        own = design.rest.diagonal() + self.ridge
        self.guess = 1 / np.maximum(own - square @ (1 / self.diagonal), 1e-6 * own)

    def _times(self, x: Floats) -> Floats:
        top = (self.design.cross @ x) / self.diagonal[:, None]
        return self.design.rest @ x + self.ridge[:, None] * x - self.across @ top

    def solve(self, right: Floats) -> Floats:
        first = len(self.diagonal)
        top = right[:first] / self.diagonal[:, None]
        rest = self._descend(right[first:] - self.across @ top)
        return np.vstack([top - (self.design.cross @ rest) / self.diagonal[:, None], rest])

    def _descend(self, right: Floats) -> Floats:
        x, left = np.zeros_like(right), right.copy()
        goal = PRECISE * np.maximum(np.linalg.norm(right, axis=0), 1e-300)
        ahead = toward = self.guess[:, None] * left
        size = np.einsum("ij,ij->j", left, ahead)
        for _step in range(STEPS):
            moved = self._times(toward)
            along = np.einsum("ij,ij->j", toward, moved)
            length = np.divide(size, along, out=np.zeros_like(size), where=along > 0)
            x += length * toward
            left -= length * moved
            if (np.linalg.norm(left, axis=0) <= goal).all():
                return x
            ahead = self.guess[:, None] * left
            size, old = np.einsum("ij,ij->j", left, ahead), size
            toward = ahead + np.divide(size, old, out=np.zeros_like(size), where=old > 0) * toward
        raise CannotFit("the ratings are too loosely connected for an iterative solution")

    @cached_property
    def traces(self) -> Mapping[str, float]:
        """Every factor's trace from one set of probes."""
        chance = np.random.default_rng(self.seed)
        signs = chance.choice((-1.0, 1.0), size=(len(self.design.right), self.probes))
        seen = (signs * self.solve(signs)).mean(axis=1)
        return {name: float(seen[self.design.places[name]].sum()) for name in self.design.names}

    def trace(self, name: str) -> float:
        return self.traces[name]


def solver_of(design: Design, ridge: Floats) -> Exact | Iterative:
    """Exact where its memory and time allow."""
    return (Exact if design.rest.shape[0] <= DENSE else Iterative)(design, ridge)
