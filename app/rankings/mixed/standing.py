"""From the portal's ratings to every agency's fair score, rank and doubt, in one call."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.rankings.mixed.effects import doubts, effects, ledger
from app.rankings.mixed.links import parts
from app.rankings.mixed.posterior import DRAWS, draws, ranks
from app.rankings.mixed.reml import Fit
from app.rankings.mixed.severity import Choice, chosen, recency
from app.rankings.mixed.terms import CannotFit, Codes, Floats


@dataclass(frozen=True)
class Rating:
    """One person's rating of one engagement: the weighted mean of its dimensions, 1 to 5 stars."""

    agency: Hashable
    engagement: Hashable
    rater: Hashable
    role: str  # which party; a fixed effect, and the kind that sparse raters are pooled by
    service: str  # which type of engagement; a fixed effect
    star: float
    months: float = 0.0  # age
    weight: float = 1.0  # of the role
    key: str = ""  # tells ratings apart that are alike


@dataclass(frozen=True)
class Standing:
    """One agency; stars, and ranks among the agencies of its part (1 is the best)."""

    agency: Hashable
    part: int  # agencies of different parts share no chain of raters and have no common order
    ratings: int
    raw: float  # weighted mean of stars
    mass: float  # n_w, summed weights
    reliability: float  # n_w / (n_w + λ)
    corrected: float  # weighted mean of stars less overall, severity, difficulty and kind
    score: float  # overall + reliability × corrected
    error: float  # standard deviation of the score's error against the overall mean
    rank: int  # 0: not ranked
    low: int  # the 90 % interval of the rank, widened to hold it
    high: int
    top: float  # the chance to be among the best k


@dataclass(frozen=True)
class Standings:
    """All agencies, the best score first; what they share; and the fit, for further questions."""

    agencies: tuple[Standing, ...]
    overall: float
    shrinkage: float  # λ
    variances: dict[str, float]  # stars², of agency, rater (where shrunk), engagement, residual
    choice: Choice
    fit: Fit


@dataclass(frozen=True)
class Fitted:
    """The ratings in the order of the calculation, the agencies' names, and the fit."""

    rows: tuple[Rating, ...]
    names: tuple[Hashable, ...]
    fit: Fit
    choice: Choice
    part: Codes  # (q,)


def fitted(ratings: Sequence[Rating], *, seed: int) -> Fitted:
    """Fit star ~ role + service + (1|agency) + (1|engagement) + rater.

    A rating's precision is its role's weight times 2^(-age / 24 months). Raters by the rule of
    `severity.chosen`; engagements only where some have several ratings. The order of `ratings`
    changes nothing; equal input, seed and method give equal output to the last digit. Raises
    CannotFit where there is too little to fit, or nothing tells the agencies apart: then the
    Bayesian average of `rankings.model` stands in.
    """
    rows = sorted(ratings, key=(lambda row: row.key) if _have_keys(ratings) else repr)
    if not rows:
        raise CannotFit("there are no ratings")
    names, agency = _coded([row.agency for row in rows])
    factors = {"agency": agency, "rater": _coded([row.rater for row in rows])[1]}
    engagement = _coded([row.engagement for row in rows])[1]
    if engagement.max() + 1 < len(rows):
        factors["engagement"] = engagement
    roles = _coded([row.role for row in rows])[1]
    services = _coded([row.service for row in rows])[1]
    months = np.array([row.months for row in rows], dtype=np.float64)
    fit, choice = chosen(
        np.array([row.star for row in rows], dtype=np.float64),
        factors,
        kind=roles,
        columns=np.hstack([_kinds(roles), _kinds(services)]),
        weights=recency(months) * np.array([row.weight for row in rows]),
        seed=seed,
    )
    if not fit.variances["agency"]:
        raise CannotFit("zero variance: these ratings don't tell the agencies apart")
    part = parts(agency, factors["rater"])
    return Fitted(tuple(rows), tuple(names), fit, choice, part)


def _have_keys(ratings: Sequence[Rating]) -> bool:
    return len({row.key for row in ratings}) == len(ratings) > 0


def standings(ratings: Sequence[Rating], *, seed: int, best: int = 10) -> Standings:
    """Fit as `fitted` does, and rank all agencies of a part."""
    found = fitted(ratings, seed=seed)
    book, everybody = ledger(found.fit), np.ones(len(found.names), dtype=bool)
    told = placed(found, everybody, seed=seed, best=best)
    fit, shrinkage = found.fit, book.shrinkage
    return Standings(told, book.overall, shrinkage, fit.variances, found.choice, fit)


def placed(
    found: Fitted, ranked: NDArray[np.bool_], *, seed: int, best: int
) -> tuple[Standing, ...]:
    """All agencies, the best score first; ranks (from 1) only among the ranked of each part."""
    fit, names, part = found.fit, found.names, found.part
    book, error, score = ledger(fit), doubts(fit), effects(fit)
    drawn = draws(fit, seed=seed, count=DRAWS, precision=np.float64)
    rank, low, high = np.zeros((3, len(names)), dtype=np.intp)
    top = np.zeros(len(names))
    for number in range(part.max() + 1):
        here = np.flatnonzero((part == number) & ranked)
        if not len(here):
            continue
        held = ranks(drawn[:, here], best=best)
        rank[here[np.argsort(-score[here], kind="stable")]] = np.arange(1, len(here) + 1)
        low[here], high[here], top[here] = held.low, held.high, held.top
    return tuple(
        Standing(
            agency=names[place],
            part=int(part[place]),
            ratings=int(book.counts[place]),
            raw=float(book.raw[place]),
            mass=float(book.mass[place]),
            reliability=float(book.reliability[place]),
            corrected=float(book.corrected[place]),
            score=float(book.scores[place]),
            error=float(error[place]),
            rank=int(rank[place]),
            low=min(int(low[place]), int(rank[place])),
            high=max(int(high[place]), int(rank[place])),
            top=float(top[place]),
        )
        for place in np.argsort(-score, kind="stable").tolist()
    )


def _coded(values: Sequence[Hashable]) -> tuple[list[Hashable], Codes]:
    """Levels in the order of their writing, and each value's place among them."""
    levels = sorted(set(values), key=repr)
    places = {level: place for place, level in enumerate(levels)}
    return levels, np.array([places[value] for value in values], dtype=np.intp)


def _kinds(codes: Codes) -> Floats:
    """A column for each kind but the first (n, kinds - 1)."""
    return (codes[:, None] == np.arange(1, codes.max() + 1)).astype(np.float64)
