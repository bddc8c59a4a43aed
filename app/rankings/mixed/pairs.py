"""Sums over all pairs of entries in a row of a sparse matrix, into or against a dense one."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy import sparse

from app.rankings.mixed.terms import Floats

KEEP = 2**23  # pairs at a time, 12 bytes each: the only block is kept between two sums

Block = tuple[slice, sparse.csc_array]


class Pairs:
    """Of a sparse matrix A (q, m) the products of any two entries of a row.

    Σ n_r²/2 steps for A'DA, where sparse multiplication takes Σ n_r² and sorts what it found.
    m² is below 2³¹.
    """

    def __init__(self, table: sparse.csr_array) -> None:
        table.sort_indices()
        each = np.diff(table.indptr).astype(np.int64)
        self.table, self.width = table, table.shape[1]
        self.ends = np.cumsum(each * (each + 1) // 2)  # a row's pairs, an entry's with itself too

    @cached_property
    def kept(self) -> list[Block] | None:
        """All pairs, where they are one block: making it takes longer than a sum."""
        return list(self._made()) if self.ends[-1] <= KEEP else None

    def summed(self, scale: Floats) -> Floats:
        """The lower triangle of A'·diag(scale)·A (m, m), in Fortran's order, zeros above it."""
        first, *others = ((each @ scale[rows]) for rows, each in self.kept or self._made())
        for other in others:
            first += other
        return np.asarray(first, dtype=np.float64).reshape(self.width, self.width).T

    def against(self, scale: Floats, matrix: Floats) -> float:
        """The sum of A'·diag(scale)·A times symmetric `matrix`, whose lower half is read."""
        flat = matrix.T.reshape(-1)
        halves = [(each.T @ flat) @ scale[rows] for rows, each in self.kept or self._made()]
        own = (self.table.power(2) @ np.diagonal(matrix)) @ scale
        return 2 * float(sum(halves)) - float(own)

    def _made(self) -> Iterator[Block]:
        """Blocks: rows (g,), and the products of each one's pairs in a column (m², g).

        A pair stands at its place in the flat lower triangle.
        """
        start = done = 0
        while start < len(self.ends):
            end = max(start + 1, int(np.searchsorted(self.ends, done + KEEP, side="right")))
            yield slice(start, end), self._block(start, end)
            start, done = end, int(self.ends[end - 1])

    def _block(self, start: int, end: int) -> sparse.csc_array:
        part = self.table[start:end]
        entry = np.arange(part.nnz, dtype=np.int32)
        follow = np.repeat(part.indptr[1:], np.diff(part.indptr)) - entry  # it and those after it
        begin = (np.cumsum(follow) - follow).astype(np.int32)
        later = np.arange(follow.sum(), dtype=np.int32)
        later -= np.repeat(begin - entry, follow)
        columns = part.indices.astype(np.int32)
        places = np.repeat(columns * np.int32(self.width), follow)
        places += columns[later]
        products = np.repeat(part.data, follow)
        products *= part.data[later]
        before = self.ends[start - 1] if start else 0
        ends = np.concatenate([[0], self.ends[start:end] - before]).astype(np.int32)
        return sparse.csc_array((products, places, ends), shape=(self.width**2, end - start))
