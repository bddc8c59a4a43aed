"""Sums over all pairs of entries in a row of a sparse matrix, into or against a dense one."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from app.rankings.mixed.terms import Codes, Floats

BLOCK = 2**18  # pairs at a time, so that they stay in the processor's cache


class Pairs:
    """The rows (q) of a sparse matrix A (q, m), those with equally many entries together.

    Σ n_r²/2 steps for A'DA, where sparse multiplication takes Σ n_r² and 12 bytes an entry.
    """

    def __init__(self, table: sparse.csr_array) -> None:
        table.sort_indices()
        self.width = table.shape[1]
        each = np.diff(table.indptr)
        order = np.argsort(each, kind="stable")
        sizes, starts = np.unique(each[order], return_index=True)
        self.groups: list[tuple[Codes, Codes, Floats]] = []
        for size, rows in zip(sizes.tolist(), np.split(order, starts[1:]), strict=True):
            at = table.indptr[rows][:, None] + np.arange(size)
            self.groups.append((rows, table.indices[at].astype(np.intp), table.data[at]))

    def subtract(self, scale: Floats, matrix: Floats) -> None:
        """Take A'·diag(scale)·A from the lower triangle of `matrix` (m, m), in Fortran's order."""
        flat = matrix.T.reshape(-1)
        for place, product in self._products(scale):
            np.subtract.at(flat, place, product)

    def against(self, scale: Floats, matrix: Floats) -> float:
        """The sum of A'·diag(scale)·A times symmetric `matrix`, whose lower half is read."""
        flat, total = matrix.T.reshape(-1), 0.0
        for place, product in self._products(scale):
            total += 2 * float(flat[place] @ product)
        diagonal = np.diagonal(matrix)
        for rows, columns, entries in self.groups:
            total -= float((diagonal[columns] * entries**2 * scale[rows, None]).sum())
        return total

    def _products(self, scale: Floats) -> Iterator[tuple[Codes, Floats]]:
        for rows, columns, entries in self.groups:
            later, earlier = np.tril_indices(columns.shape[1])
            step = max(1, BLOCK // max(1, len(later)))
            for start in range(0, len(rows), step):
                here = slice(start, start + step)
                place = columns[here, :] * self.width
                scaled = entries[here] * scale[rows[here], None]
                yield (
                    (place[:, earlier] + columns[here][:, later]).ravel(),
                    (scaled[:, earlier] * entries[here][:, later]).ravel(),
                )
