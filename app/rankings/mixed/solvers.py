"""The mixed model's equations by a dense Cholesky factor, exactly."""

from functools import cached_property

import numpy as np
from scipy.linalg import lapack

from app.rankings.mixed.design import Design
from app.rankings.mixed.iterative import Iterative
from app.rankings.mixed.terms import CannotFit, Floats

DENSE = 5000  # levels after elimination up to which the factor is dense: 8·m² bytes, thrice


class Exact:
    """The eliminated factor's Schur complement S (m, m), factored densely.

    Costs Σ n_r²/2 + m³/3 a factor, n_r the ratings of a level of the eliminated factor.
    """

    def __init__(self, design: Design, ridge: Floats) -> None:
        first = len(design.own)
        self.design = design
        self.diagonal = design.own + ridge[:first]
        schur, rest = design.pairs.summed(-1 / self.diagonal), design.rest.tocoo()
        schur[rest.row, rest.col] += rest.data
        schur[np.diag_indices_from(schur)] += ridge[first:]
        self.factor, failed = lapack.dpotrf(schur, lower=1, clean=0, overwrite_a=1)
        if failed:
            raise CannotFit("the fixed effects can't be told apart")
        logs = np.log(self.diagonal).sum() + 2 * np.log(np.diagonal(self.factor)).sum()
        self.log_determinant: float | None = float(logs)

    def solve(self, right: Floats) -> Floats:
        cross, first = self.design.cross, len(self.diagonal)
        top = right[:first] / self.diagonal[:, None]
        rest, _ = lapack.dpotrs(self.factor, right[first:] - cross.T @ top, lower=1)
        return np.vstack([top - (cross @ rest) / self.diagonal[:, None], rest])

    @cached_property
    def inverse(self) -> Floats:
        """The lower triangle of S⁻¹; what stands above it means nothing, as in the factor."""
        inverse, _ = lapack.dpotri(self.factor, lower=1)
        return inverse

    def trace(self, name: str) -> float:
        place, first = self.design.places[name], len(self.diagonal)
        diagonal = np.diagonal(self.inverse)
        if place.start:
            return float(diagonal[place.start - first : place.stop - first].sum())
        apart = self.design.pairs.against(1 / self.diagonal**2, self.inverse)
        return float((1 / self.diagonal).sum()) + apart

    def variances(self, name: str) -> Floats:
        """The diagonal of a factor's block of C⁻¹ (q,)."""
        place, first = self.design.places[name], len(self.diagonal)
        if place.start:
            return np.diagonal(self.inverse)[place.start - first : place.stop - first].copy()
        folded = np.empty(first)
        for start in range(0, first, 1000):
            rows = self.design.cross[start : start + 1000]
            folded[start : start + 1000] = rows.multiply(rows @ self.symmetric).sum(axis=1)
        return 1 / self.diagonal + folded / self.diagonal**2

    def covariances(self, name: str) -> Floats:
        """A factor's block of C⁻¹ (q, q)."""
        place, first = self.design.places[name], len(self.diagonal)
        if place.start:
            here = slice(place.start - first, place.stop - first)
            return self.symmetric[here, here]
        scaled = self.design.cross.multiply(1 / self.diagonal[:, None]).tocsr()
        return np.diag(1 / self.diagonal) + scaled @ (scaled @ self.symmetric).T

    @cached_property
    def symmetric(self) -> Floats:
        """S⁻¹, both triangles (m, m)."""
        return np.tril(self.inverse) + np.tril(self.inverse, -1).T


def solver_of(design: Design, ridge: Floats) -> Exact | Iterative:
    """Exact where its memory and time allow."""
    return (Exact if design.rest.shape[0] <= DENSE else Iterative)(design, ridge)
