"""Variances by average-information REML (or ML), and the solution at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import log, pi

import numpy as np

from app.rankings.mixed.design import Design
from app.rankings.mixed.iterative import Iterative
from app.rankings.mixed.solvers import Exact, solver_of
from app.rankings.mixed.terms import CannotFit, Floats

ROUNDS = 60
NOTHING = 1e-7  # of the sum of squares
ENOUGH = 1e-12  # stop when a step promises to lower the criterion by less
FLAT = 1e-6  # the least share of information that a direction is taken to have
NEAR = 1e-6  # from here the next step is the last: convergence is faster than linear
SHRINK = 0.05  # no variance falls (or rises) by more in one step
LEAST = 1e-8  # a factor's variance below this share of the residual's is at its boundary, zero
LOWERED = 1e-7  # ... and below this share is told as zero


class Criterion(Enum):
    """What the variances minimise: -2 log likelihood, restricted or full."""

    REML = "REML"
    ML = "ML"


@dataclass(frozen=True)
class Fit:
    """A design at given variances: its solution and what the next step needs.

    ratios: residual variance over each shrunk factor's; variances in stars².
    """

    design: Design
    ratios: Mapping[str, float]
    kind: Criterion = Criterion.REML

    @cached_property
    def solver(self) -> Exact | Iterative:
        """The equations' factor (or iteration) at these ratios."""
        return solver_of(self.design, self.ridge)

    @cached_property
    def ridge(self) -> Floats:
        """The ridge (N,)."""
        return self.design.penalty(self.ratios)

    @cached_property
    def solution(self) -> Floats:
        """Fixed effects and predictions (N,), of y less its base."""
        return self.solver.solve(self.design.right[:, None])[:, 0]

    @cached_property
    def penalised(self) -> float:
        """The weighted residual sum of squares, penalty included."""
        return self.design.square - float(self.solution @ self.design.right)

    @property
    def is_empty(self) -> bool:
        """Whether the model explains everything, so that there is no doubt to measure."""
        return self.penalised <= NOTHING * self.design.square

    @cached_property
    def free(self) -> int:
        """Degrees of freedom that the residual variance is divided by."""
        return self.design.free if self.kind is Criterion.REML else self.design.rows

    @cached_property
    def residual(self) -> float:
        """The residual variance, stars² at weight 1, profiled."""
        return self.penalised / self.free

    @cached_property
    def variances(self) -> dict[str, float]:
        """Each factor's variance in stars², zero at the boundary; then "residual"."""
        shares = {name: 1 / ratio for name, ratio in self.ratios.items()}
        told = {name: self.residual * share * (share > LOWERED) for name, share in shares.items()}
        return {**told, "residual": self.residual}

    @cached_property
    def criterion(self) -> float | None:
        """-2 log (restricted) likelihood, as lme4 counts it; None by the iterative solver."""
        logs = self.solver.log_determinant
        if logs is None:
            return None
        if self.kind is Criterion.ML:
            logs += np.linalg.slogdet(self.among_fixed)[1]
        for name, ratio in self.ratios.items():
            logs -= self.design.size(name) * log(ratio)
        return float(logs + self.free * (1 + log(2 * pi * self.residual)) - self.design.log_weights)

    @cached_property
    def fixed_columns(self) -> Floats:
        """The columns of C⁻¹ that belong to the fixed columns (N, p)."""
        place = self.design.places["columns"]
        unit = np.zeros((len(self.design.right), place.stop - place.start))
        unit[place] = np.eye(place.stop - place.start)
        return self.solver.solve(unit)

    @cached_property
    def among_fixed(self) -> Floats:
        """Their own block (p, p)."""
        return self.fixed_columns[self.design.places["columns"]]

    def held(self, name: str) -> Floats:
        """By how much a factor's diagonal of C⁻¹ is less when the fixed columns are held (q,)."""
        part = self.fixed_columns[self.design.places[name]]
        return np.einsum("ij,ij->i", part, np.linalg.solve(self.among_fixed, part.T).T)

    def trace(self, name: str) -> float:
        """The trace of C⁻¹ for REML, of the random effects' own inverse for ML."""
        less = float(self.held(name).sum()) if self.kind is Criterion.ML else 0.0
        return self.solver.trace(name) - less


def fit(
    design: Design, *, kind: Criterion = Criterion.REML, start: Mapping[str, float] | None = None
) -> Fit:
    """Estimate the variances.

    start: variances of an earlier fit ({factor, "residual"} -> stars²) to begin from. The
    criterion is lme4's to about 1e-8; a variance that runs into zero stays there and is told as
    0. Raises CannotFit where the variances don't settle, and for ML with an unshrunk factor.
    """
    if kind is Criterion.ML and design.unshrunk:
        raise CannotFit("with fixed raters only the restricted likelihood is meant")
    now = at(design, start or moments(design), kind)
    for _round in range(ROUNDS):
        if now.is_empty:
            raise CannotFit("the ratings leave no remainder: their doubt can't be measured")
        step, gain = _newton(now)
        if gain < ENOUGH:
            return now
        now = _moved(now, step)
        if gain < NEAR:
            return now
    raise CannotFit("the variances don't settle")


def at(design: Design, variances: Mapping[str, float], kind: Criterion = Criterion.REML) -> Fit:
    """The solution at given variances, stars²: only their ratios to "residual" count."""
    residual = variances["residual"]
    ratios = {name: residual / max(variances[name], LEAST * residual) for name in design.shrunk}
    return Fit(design, ratios, kind)


def moments(design: Design) -> dict[str, float]:
    """A first guess: each factor's variance from its levels' means, the others taken as noise."""
    noise, total = design.square / design.rows, float(design.own.sum())
    guess = {}
    for name in design.names:
        here = design.places[name]
        between = float((design.right[here] ** 2 / design.mass[here]).sum()) - noise * design.size(
            name
        )
        guess[name] = between / (total - float((design.mass[here] ** 2).sum()) / total)
    bounded = {name: min(max(share, 0.02 * noise), 0.8 * noise) for name, share in guess.items()}
    return {**bounded, "residual": max(noise - sum(guess.values()), 0.2 * noise)}


def _newton(now: Fit) -> tuple[Floats, float]:
    """A step of all variances, and by how much it promises to lower the criterion.

    A variance that would fall too far stops at its bound, and the others step with that known.
    """
    variances = _variances(now)
    information, score = _information(now, variances), _score(now, variances)
    bound = np.maximum(variances * SHRINK, LEAST * variances[-1]) - variances
    step, free = np.zeros(len(score)), np.ones(len(score), dtype=bool)
    for _turn in range(len(score)):
        left = score[free] - information[np.ix_(free, ~free)] @ step[~free]
        step[free] = _solved(information[np.ix_(free, free)], left, variances[free])
        fallen = free & (step < bound)
        if not fallen.any():
            break
        step[fallen], free = bound[fallen], free & ~fallen
    return step, float(step @ (2 * score - information @ step))


def _solved(information: Floats, score: Floats, variances: Floats) -> Floats:
    """information⁻¹·score, with directions of hardly any information held back."""
    relative = np.diagonal(information) * variances**2  # about half the factor's levels
    scale = np.sqrt(np.maximum(relative, FLAT)) / variances
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    return vectors @ ((vectors.T @ (score / scale)) / np.maximum(values, FLAT)) / scale


def _variances(now: Fit) -> Floats:
    """All variances, the residual one last (K + 1,)."""
    return now.residual / np.array([*now.ratios.values(), 1.0])


def _left(now: Fit) -> float:
    """The weighted sum of squares of what neither factor nor column explains."""
    return now.penalised - float(now.solution @ (now.ridge * now.solution))


def _information(now: Fit, variances: Floats) -> Floats:
    """Average information: half the working variates' inner products under P (K + 1, K + 1)."""
    design, residual = now.design, variances[-1]
    working = np.zeros((len(now.solution), len(variances) - 1))
    for place, name in enumerate(design.shrunk):
        working[design.places[name], place] = now.solution[design.places[name]] / variances[place]
    right = np.column_stack([design.times(working), now.ridge * now.solution / residual])
    inner = np.empty((len(variances), len(variances)))
    inner[:-1] = working.T @ right
    inner[-1, :-1] = inner[:-1, -1]
    inner[-1, -1] = _left(now) / residual**2
    return (inner - right.T @ now.solver.solve(right)) / (2 * residual)


def _score(now: Fit, variances: Floats) -> Floats:
    """The log likelihood's slope along each variance (K + 1,)."""
    design, slopes, explained = now.design, [], 0.0
    for variance, (name, ratio) in zip(variances[:-1], now.ratios.items(), strict=True):
        part = now.solution[design.places[name]]
        degrees = design.size(name) - ratio * now.trace(name)
        explained += degrees
        slopes.append((part @ part / variance - degrees) / variance)
    slopes.append((_left(now) / variances[-1] - (now.free - explained)) / variances[-1])
    return np.array(slopes) / 2


def _moved(now: Fit, step: Floats) -> Fit:
    """The fit a step on, halved until the criterion doesn't rise; no variance leaps."""
    variances, names = _variances(now), [*now.ratios, "residual"]
    for _halving in range(20):
        there = np.clip(variances + step, variances * SHRINK, variances / SHRINK)
        found = at(now.design, dict(zip(names, there.tolist(), strict=True)), now.kind)
        if now.criterion is None or found.criterion is None:
            return found
        if found.criterion <= now.criterion + 1e-9 * abs(now.criterion):
            return found
        step = step / 2
    raise CannotFit("no step lowers the criterion")
