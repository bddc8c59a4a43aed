"""Sums over all pairs of entries in a row of a sparse matrix, into or against a dense one."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy import sparse

from app.rankings.mixed.terms import Codes, Floats

BLOCK = 2**18  # pairs at a time, so that they stay in the processor's cache
KEEP = 2**23  # pairs that are kept between two sums, 16 bytes each


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

    @cached_property
    def kept(self) -> list[tuple[Codes, Codes, Floats]] | None:
        """All blocks, where they fit into memory: most of the time goes into making them."""
        each = sum(len(rows) * columns.shape[1] ** 2 // 2 for rows, columns, _e in self.groups)
        return list(self._made()) if each <= KEEP else None

    def subtract(self, scale: Floats, matrix: Floats) -> None:
        """Take A'·diag(scale)·A from the lower triangle of `matrix` (m, m), in Fortran's order."""
        flat = matrix.T.reshape(-1)
        for rows, places, products in self.kept or self._made():
            np.subtract.at(flat, places, (products * scale[rows, None]).reshape(-1))

    def against(self, scale: Floats, matrix: Floats) -> float:
        """The sum of A'·diag(scale)·A times symmetric `matrix`, whose lower half is read."""
        flat, total = matrix.T.reshape(-1), 0.0
        for rows, places, products in self.kept or self._made():
            met = flat[places].reshape(products.shape)
            total += 2 * float(np.einsum("ij,ij,i->", met, products, scale[rows]))
        diagonal = np.diagonal(matrix)
        for rows, columns, entries in self.groups:
            total -= float((diagonal[columns] * entries**2 * scale[rows, None]).sum())
        return total

    def _made(self) -> Iterator[tuple[Codes, Codes, Floats]]:
        """Blocks: rows (g,), places (g·k,) in the flat lower triangle, products (g, k)."""
        for rows, columns, entries in self.groups:
            later, earlier = np.tril_indices(columns.shape[1])
            step = max(1, BLOCK // max(1, len(later)))
            for start in range(0, len(rows), step):
                here = slice(start, start + step)
                places = columns[here][:, earlier] * self.width + columns[here][:, later]
                yield (
                    rows[here],
                    places.ravel(),
                    entries[here][:, earlier] * entries[here][:, later],
                )
