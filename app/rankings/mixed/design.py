"""A table of ratings as the sufficient statistics of its mixed model; rows are read only once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy import sparse

from app.rankings.mixed.pairs import Pairs
from app.rankings.mixed.terms import CannotFit, Codes, Floats

SPAN = 1e-9  # a column with less than this share of itself left is a sum of the columns before it


@dataclass(frozen=True)
class Design:
    """T'WT, T'Wy and y'Wy of y = T·solution + e, with T = [levels of the factors | columns].

    A solution (N,) holds the levels of the eliminated factor first, which is the factor with the
    most levels, then the rest, the ranked factor last. `places` says where each factor's levels
    and the "columns" (fixed effects, the intercept first) are. y is taken less its least-squares
    fit `base` on all columns, so that a shift along a column doesn't reach the arithmetic.
    """

    names: tuple[str, ...]  # factors; the first is the one that is ranked
    places: dict[str, slice]
    own: Floats  # (q,) summed weights of the eliminated factor's levels
    cross: sparse.csr_array  # (q, m)
    rest: sparse.csr_array  # (m, m)
    right: Floats  # (N,)
    square: float
    rows: int
    log_weights: float
    base: Floats  # (p,) by all columns
    kept: Codes  # which columns the model can tell apart from the unshrunk factor
    unshrunk: str | None  # the factor whose levels are fixed effects
    codes: Mapping[str, Codes]
    weights: Floats
    columns: Floats  # (rows, p)
    stars: Floats

    @property
    def eliminated(self) -> str:
        """The factor whose block is diagonal and goes first."""
        return next(name for name in self.names if self.places[name].start == 0)

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of levels that meet in a level of the eliminated factor."""
        return Pairs(self.cross)

    @property
    def shrunk(self) -> tuple[str, ...]:
        """The factors with a variance, that is all but the unshrunk one."""
        return tuple(name for name in self.names if name != self.unshrunk)

    @property
    def free(self) -> int:
        """Degrees of freedom that the fixed effects leave."""
        return self.rows - len(self.kept) - (self.size(self.unshrunk) if self.unshrunk else 0)

    def size(self, name: str) -> int:
        """How many levels a factor has."""
        return self.places[name].stop - self.places[name].start

    @cached_property
    def mass(self) -> Floats:
        """The diagonal of T'WT (N,): each level's summed weights."""
        return np.concatenate([self.own, self.rest.diagonal()])

    def gathered(self, values: Floats) -> Floats:
        """T' times a value for each rating (rows,): (N,)."""
        parts = np.empty(self.places[self.eliminated].stop + self.rest.shape[0])
        for name, codes in self.codes.items():
            parts[self.places[name]] = np.bincount(codes, values)
        parts[self.places["columns"]] = self.columns[:, self.kept].T @ values
        return parts

    def times(self, solution: Floats) -> Floats:
        """T'WT times each column: (N, c) to (N, c)."""
        first, rest = solution[: len(self.own)], solution[len(self.own) :]
        return np.vstack(
            [self.own[:, None] * first + self.cross @ rest, self.cross.T @ first + self.rest @ rest]
        )

    def penalty(self, ratios: Mapping[str, float]) -> Floats:
        """The ridge (N,): residual variance over each factor's variance, 0 for fixed effects."""
        ridge = np.zeros(len(self.right))
        for name, ratio in ratios.items():
            ridge[self.places[name]] = ratio
        return ridge


def read(
    stars: Sequence[float] | Floats,
    factors: Mapping[str, Codes],
    *,
    columns: Floats | None = None,
    weights: Floats | None = None,
    unshrunk: str | None = None,
) -> Design:
    """Condense a table of n ratings.

    stars (n,); factors: name -> codes 0..levels-1 (n,), the ranked factor first; columns (n, p):
    fixed effects beside the intercept, which is added; weights (n,): precisions, 1 by default;
    unshrunk: the factor whose levels are fixed effects. Raises CannotFit for unequal lengths,
    numbers that aren't finite, weights that aren't positive, a level without a rating, a factor
    with one level or as many levels as ratings, and stars that are all the same.
    """
    y = np.asarray(stars, dtype=np.float64)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    x = np.empty((len(y), 0)) if columns is None else np.asarray(columns, dtype=np.float64)
    factors = {name: np.asarray(codes, dtype=np.intp) for name, codes in factors.items()}
    _check(y, x, w)
    x = np.column_stack([np.ones(len(y)), x])
    counts = {name: _count(name, codes, len(y)) for name, codes in factors.items()}
    base = _least_squares(y, x, w)
    rest_of_y = y - x @ base
    if not np.ptp(rest_of_y) > 1e-9 * max(1.0, float(np.abs(y).max())):
        raise CannotFit("the ratings don't vary: there is nothing to tell the agencies apart")
    kept = _told_apart(x, w, factors[unshrunk] if unshrunk else None)
    places = _places(counts, len(kept))
    first = next(iter(places))
    rows = _rows(places, factors, x[:, kept])
    weighted = rows.copy()
    weighted.data = rows.data * np.repeat(w, np.diff(rows.indptr))
    right = np.concatenate([_sums(factors[first], w * rest_of_y), rows.T @ (w * rest_of_y)])
    return Design(
        names=tuple(factors),
        places=places,
        own=_sums(factors[first], w),
        cross=(_members(factors[first], counts[first]) @ weighted).tocsr(),
        rest=(rows.T @ weighted).tocsr(),
        right=right,
        square=float(w @ (rest_of_y * rest_of_y)),
        rows=len(y),
        log_weights=float(np.log(w).sum()),
        base=base,
        kept=kept,
        unshrunk=unshrunk,
        codes=factors,
        weights=w,
        columns=x,
        stars=y,
    )


def _check(y: Floats, x: Floats, w: Floats) -> None:
    if len({len(y), len(x), len(w)}) > 1:
        raise CannotFit("ratings, columns and weights differ in length")
    if len(y) < x.shape[1] + 3:
        raise CannotFit(f"too few ratings: {len(y)}")
    if not (np.isfinite(y).all() and np.isfinite(x).all() and np.isfinite(w).all()):
        raise CannotFit("a rating, column or weight isn't a finite number")
    if not (w > 0).all():
        raise CannotFit("weights must be above zero")


def _count(name: str, codes: Codes, rows: int) -> int:
    if len(codes) != rows:
        raise CannotFit(f"{name}: {len(codes)} codes for {rows} ratings")
    if codes.min() < 0 or not (found := np.bincount(codes)).all():
        raise CannotFit(f"{name}: a level has no rating")
    if not 2 <= len(found) < rows:
        raise CannotFit(f"{name}: {len(found)} levels in {rows} ratings can't be told apart")
    return len(found)


def _told_apart(x: Floats, w: Floats, levels: Codes | None) -> Codes:
    """Which columns aren't sums of the columns before them (nor of the unshrunk levels)."""
    whole = np.einsum("ij,i,ij->j", x, w, x)
    if levels is not None:
        mass = np.bincount(levels, w)
        means = np.column_stack([np.bincount(levels, w * column) / mass for column in x.T])
        x = x - means[levels]
    gram = x.T @ (w[:, None] * x)
    kept: list[int] = []
    for place in range(len(gram)):
        chosen = [*kept, place]
        part = gram[np.ix_(chosen, chosen)]
        others = part[:-1, -1]
        left = part[-1, -1] - (others @ np.linalg.solve(part[:-1, :-1], others) if kept else 0.0)
        if left > SPAN * whole[place]:
            kept.append(place)
    return np.array(kept, dtype=np.intp)


def _places(counts: Mapping[str, int], columns: int) -> dict[str, slice]:
    """Where in a solution each factor is: the widest first, then others, columns, the ranked."""
    ranked = next(iter(counts))
    first = max(counts, key=lambda name: counts[name])
    between = [name for name in counts if name not in (first, ranked)]
    order = [first, *between, "columns", *([ranked] if ranked != first else [])]
    ends = np.cumsum([0, *(columns if n == "columns" else counts[n] for n in order)]).tolist()
    slices = (slice(start, end) for start, end in pairwise(ends))
    return dict(zip(order, slices, strict=True))


def _least_squares(y: Floats, x: Floats, w: Floats) -> Floats:
    found = np.linalg.lstsq(x.T @ (w[:, None] * x), x.T @ (w * y), rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _sums(codes: Codes, values: Floats) -> Floats:
    return np.asarray(np.bincount(codes, values), dtype=np.float64)


def _members(codes: Codes, levels: int) -> sparse.csc_array:
    """Which ratings are of each level (levels, n)."""
    table = (np.ones(len(codes)), codes, np.arange(len(codes) + 1))
    return sparse.csr_array(table, shape=(len(codes), levels)).T


def _rows(places: Mapping[str, slice], factors: Mapping[str, Codes], x: Floats) -> sparse.csr_array:
    """One sparse row a rating: 1 at each level of the rest it belongs to, and its columns."""
    first, *rest = places
    begin, end = places[first].stop, max(place.stop for place in places.values())
    where, entries = [], []
    for name in rest:
        start = places[name].start - begin
        if name == "columns":
            where += [np.full(len(x), start + place) for place in range(x.shape[1])]
            entries += list(x.T)
        else:
            where.append(start + factors[name])
            entries.append(np.ones(len(x)))
    ends = np.arange(len(x) + 1) * len(where)
    table = (np.column_stack(entries).ravel(), np.column_stack(where).ravel(), ends)
    found = sparse.csr_array(table, shape=(len(x), end - begin))
    found.eliminate_zeros()
    return found
