"""Conjugate gradients through the mixed model's equations, for tables too wide for a factor."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from scipy import sparse

from app.rankings.mixed.design import Design
from app.rankings.mixed.terms import CannotFit, Floats

PROBES = 64
PRECISE, STEPS = 1e-11, 2000  # relative residual, and when to give up


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
        self.ridge = ridge
        self.across = design.cross.T.tocsr()
        square = sparse.csr_array(
            (self.across.data**2, self.across.indices, self.across.indptr), self.across.shape
        )
        own = design.rest.diagonal() + ridge[first:]
        self.guess = 1 / np.maximum(own - square @ (1 / self.diagonal), 1e-6 * own)

    def _times(self, x: Floats) -> Floats:
        top = (self.design.cross @ x) / self.diagonal[:, None]
        return self.design.rest @ x + self.ridge[len(top) :, None] * x - self.across @ top

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

    @cached_property
    def drawn(self) -> Floats:
        """Draws (N, probes) of N(0, C⁻¹): solutions for pure noise in the ratings and the ridge."""
        design, chance = self.design, np.random.default_rng(self.seed + 1)
        right = np.sqrt(self.ridge)[:, None] * chance.standard_normal(
            (len(self.ridge), self.probes)
        )
        for column in range(self.probes):
            noise = np.sqrt(design.weights) * chance.standard_normal(design.rows)
            right[:, column] += design.gathered(noise)
        return self.solve(right)

    def variances(self, name: str) -> Floats:
        """The diagonal of a factor's block of C⁻¹ (q,), good to a few percent.

        A level's variance given all others is exact; what these add is measured by the draws.
        """
        place, design = self.design.places[name], self.design
        alone = design.mass[place] + self.ridge[place]
        added = design.times(self.drawn)[place] - design.mass[place][:, None] * self.drawn[place]
        return 1 / alone + (added / alone[:, None]).var(axis=1)
