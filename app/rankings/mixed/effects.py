"""What a fit says in stars: the overall mean, everybody's effect, and the clerk's formula."""

from dataclasses import dataclass

import numpy as np

from app.rankings.mixed.reml import Fit
from app.rankings.mixed.terms import Floats


def coefficients(fit: Fit) -> Floats:
    """Fixed effects by column, the intercept first (1 + p,), in stars."""
    found = fit.design.base.copy()
    found[fit.design.kept] += fit.solution[fit.design.places["columns"]]
    if fit.design.unshrunk:
        found[0] += _middle(fit)
    return found


def effects(fit: Fit, name: str | None = None) -> Floats:
    """The effects of a factor's levels (q,), in stars; of the ranked factor by default.

    Best linear unbiased predictions for a shrunk factor (Henderson 1975); least squares around
    their own weighted mean for the unshrunk one, whose mean is in the intercept.
    """
    name = name or fit.design.names[0]
    found = fit.solution[fit.design.places[name]]
    return found - _middle(fit) if name == fit.design.unshrunk else found


def _middle(fit: Fit) -> float:
    name = str(fit.design.unshrunk)
    levels = fit.solution[fit.design.places[name]]
    return float(np.average(levels[fit.design.codes[name]], weights=fit.design.weights))


def deviations(fit: Fit, name: str | None = None) -> Floats:
    """Standard deviation of each effect's error (q,), stars, with the fixed columns held.

    As lme4's condVar: given the variances and the coefficients. Doubts of unshrunk levels count.
    """
    name = name or fit.design.names[0]
    return np.sqrt(fit.residual * (fit.solver.variances(name) - fit.held(name)))


def doubts(fit: Fit, name: str | None = None) -> Floats:
    """As `deviations`, with the doubt of the fixed columns counted (q,)."""
    return np.sqrt(fit.residual * fit.solver.variances(name or fit.design.names[0]))


@dataclass(frozen=True)
class Ledger:
    """Every term of the clerk's formula, per agency (q,) or per rating (n,), in stars.

    score = overall + reliability × corrected, where reliability = mass / (mass + shrinkage) and
    corrected is the weighted mean of an agency's `stars - overall - Σ taken`.
    """

    overall: float
    shrinkage: float  # λ: residual variance over the agencies' variance, in ratings of weight 1
    mass: Floats  # (q,) summed weights n_w
    counts: Floats  # (q,) ratings
    reliability: Floats  # (q,)
    corrected: Floats  # (q,)
    scores: Floats  # (q,)
    raw: Floats  # (q,) plain weighted mean of stars
    taken: dict[str, Floats]  # name -> (n,): severity, difficulty and "columns" taken off


def ledger(fit: Fit) -> Ledger:
    """The clerk's formula for every agency; equals overall + effect to rounding.

    `columns` are told against their own mean, so that overall is the fair score of an average
    agency with an average mix of raters and jobs.
    """
    design = fit.design
    name, weights = design.names[0], design.weights
    codes, size = design.codes[name], design.size(name)
    explained = design.columns @ coefficients(fit)
    overall = float(np.average(explained, weights=weights))
    others = (other for other in design.names if other != name)
    taken = {other: effects(fit, other)[design.codes[other]] for other in others}
    taken["columns"] = explained - overall
    mass = np.bincount(codes, weights, size).astype(np.float64)
    left = design.stars - overall - np.sum(list(taken.values()), axis=0)
    corrected = np.bincount(codes, weights * left, size) / mass
    reliability = mass / (mass + fit.ratios[name])
    return Ledger(
        overall=overall,
        shrinkage=fit.ratios[name],
        mass=mass,
        counts=np.bincount(codes, minlength=size).astype(np.float64),
        reliability=reliability,
        corrected=corrected,
        scores=overall + reliability * corrected,
        raw=np.bincount(codes, weights * design.stars, size) / mass,
        taken=taken,
    )
