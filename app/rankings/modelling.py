"""The method mixed/1: every agency's fair score by the crossed mixed model, as plain data.

Import it only where the calculation runs: it loads numpy.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from app.rankings.grouping import Group, grouped, parties_of
from app.rankings.inputs import Inputs
from app.rankings.mixed.confidence_sets import evidence, marginal, proven
from app.rankings.mixed.effects import ledger
from app.rankings.mixed.severity import HALF_LIFE
from app.rankings.mixed.standing import Fitted, Rating, Standing, fitted, placed
from app.rankings.mixed.terms import CannotFit
from app.rankings.model import FEWEST_AGENCIES, FEWEST_ENGAGEMENTS, Rules, Z
from app.rankings.record import INSUFFICIENT, RANKED, UNRATED

DIGITS = 12  # beyond them two machines may differ
PROOF = 0.95  # what proves that one agency is better than another
MONTH = 30.4375  # days
MOST_PAIRED = 200  # agencies up to which every proven pair is named
MOST_SETS = 60  # agencies up to which each one's own set is asked


class TooFew(CannotFit):
    """There is too little for the model; `reason` says what, in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ratings_of(groups: Iterable[Group], rules: Rules) -> list[Rating]:
    """The model's table: a role's weight is told against the mean of the roles' weights."""
    usual = sum(rules.party_weights.values()) / max(1, len(rules.party_weights))
    return [
        Rating(
            agency=entry.agency,
            engagement=entry.engagement,
            rater=entry.rater,
            role=entry.party,
            service=entry.service,
            star=star,
            months=entry.days / MONTH,
            weight=rules.party_weights[entry.party] / usual,
            key=entry.key,
        )
        for group in groups
        for entry, star in group.ratings
    ]


def result_of(
    inputs: Inputs, rules: Rules, *, seed: int, best: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The whole result as plain data, and every term of every rating (the workings).

    Raises TooFew under 8 agencies or 20 engagements, CannotFit where nothing tells them apart.
    """
    groups = grouped(inputs.entries, rules)
    told = {agency: group for agency, group in groups.items() if group.is_told}
    _ask_enough(told)
    found = fitted(ratings_of(told.values(), rules), seed=seed)
    rows = _rows(found, told, rules, seed=seed, best=best)
    sets = _sets(found, rows, seed)
    for row in rows:
        own = told[row["agency"]]
        row |= {"sets": sets["own"].get(row["agency"]), "parties": parties_of(own)}
        row |= {"changed": True} if own.is_changed else {}
    rows += [_hidden(key, group) for key, group in groups.items() if key not in told]
    rows += [_hidden(key, Group(())) for key in sorted(inputs.agencies) if key not in groups]
    for row in rows:
        row["facts"] = dict(inputs.facts.get(row["agency"], {}))
    places = {row["agency"]: row["part"] for row in rows if row["state"] == RANKED}
    result = {
        **_shared(found),
        "engagements": len({e.engagement for g in groups.values() for e, _ in g.ratings}),
        "reviews": sum(len(group.ratings) for group in groups.values()),
        "raters": len({e.rater for g in groups.values() for e, _ in g.ratings}),
        "parts": [sorted(agencies) for agencies in _parts(found)],
        "proven": sets["pairs"],
        "dimensions": {
            code: _dimension(inputs, rules, code, places, seed=seed) for code in _codes(inputs)
        },
        "rows": rows,
    }
    return result, workings_of(found)


def _ask_enough(told: Mapping[int, Group]) -> None:
    if len(told) < FEWEST_AGENCIES:
        raise TooFew("few-agencies")
    jobs = {entry.engagement for group in told.values() for entry, _star in group.ratings}
    if len(jobs) < FEWEST_ENGAGEMENTS:
        raise TooFew("few-engagements")


def _shared(found: Fitted) -> dict[str, Any]:
    book, choice = ledger(found.fit), found.choice
    return {
        "overall": _plain(book.overall),
        "shrinkage": _plain(book.shrinkage),
        "variances": {name: _plain(value) for name, value in found.fit.variances.items()},
        "severity": {
            "unshrunk": choice.unshrunk,
            "reason": choice.reason,
            "each": _plain(choice.each),
            "chance": None if choice.chance is None else _plain(choice.chance),
        },
    }


def _parts(found: Fitted) -> list[list[Any]]:
    """The agencies of each connected part, the largest first."""
    numbers = range(int(found.part.max()) + 1)
    return [[found.names[place] for place in np.flatnonzero(found.part == n)] for n in numbers]


def _rows(
    found: Fitted, groups: Mapping[int, Group], rules: Rules, *, seed: int, best: int
) -> list[dict[str, Any]]:
    """Those with a place by part and rank, then those with too little evidence by their number."""
    first = placed(found, np.zeros(len(found.names), dtype=bool), seed=seed, best=best)
    variance, means = found.fit.variances["agency"], _means(found)
    why = {
        row.agency: _lacking(row, groups[row.agency], rules, variance)  # type: ignore[index] # an id
        for row in first
    }
    alone = [own for own in _parts(found) if sum(not why[key] for key in own) < 2]
    why |= {key: why[key] or "unlinked" for own in alone for key in own}
    ranked = np.array([not why[name] for name in found.names])
    rows = [
        _row(row, groups[row.agency], variance, means[row.agency], why[row.agency])  # type: ignore[index] # an id
        for row in placed(found, ranked, seed=seed, best=best)
    ]
    return sorted(rows, key=lambda row: (bool(row["why"]), row["part"], row.get("rank", 0),
                                         row["agency"]))  # fmt: skip


def _lacking(row: Standing, group: Group, rules: Rules, variance: float) -> str:
    """What an agency lacks for a place, in one word; empty where it has one."""
    if group.counts["engagements"] < rules.min_engagements or not group.has_figures:
        return "few-engagements"
    enough = min(row.reliability, _resolved(row, variance)) >= rules.min_reliability
    return "" if enough else "reliability"


def _resolved(row: Standing, variance: float) -> float:
    """The share of the differences between agencies that this one's evidence resolves."""
    return max(0.0, 1 - row.error**2 / variance)


def _means(found: Fitted) -> dict[Any, dict[str, float]]:
    """For each agency the weighted means of what is taken off its stars, and their plain mean."""
    book, design = ledger(found.fit), found.fit.design
    codes, weights = design.codes[design.names[0]], design.weights
    taken = {"severity": "rater", "difficulty": "engagement", "kind": "columns"}
    nothing = np.zeros(len(weights))
    means = {
        word: np.bincount(codes, weights * book.taken.get(name, nothing)) / book.mass
        for word, name in taken.items()
    }
    means["mean"] = np.bincount(codes, design.stars) / book.counts
    return {
        agency: {word: float(values[place]) for word, values in means.items()}
        for place, agency in enumerate(found.names)
    }


def _row(
    row: Standing, group: Group, variance: float, means: Mapping[str, float], why: str
) -> dict[str, Any]:
    figures = {
        "mass": row.mass,
        "factor": row.reliability,
        "reliability": _resolved(row, variance),
        "weighted": row.raw,
        "corrected": row.corrected,
        **means,
        "score": row.score,
        "error": row.error,
        "low": max(1.0, row.score - Z * row.error),
        "high": min(5.0, row.score + Z * row.error),
    }
    told = {"agency": row.agency, "state": INSUFFICIENT if why else RANKED, "why": why,
            "part": row.part, **group.counts}  # fmt: skip
    if not why:
        told |= {"rank": row.rank, "rank_low": row.low, "rank_high": row.high, "top": row.top}
    return told | {name: _plain(value) for name, value in figures.items()}


def _hidden(agency: int, group: Group) -> dict[str, Any]:
    """An agency with fewer than three reviews is told of in counts alone; one with none is 未评."""
    state = INSUFFICIENT if group.ratings else UNRATED
    why = "few-reviews" if group.ratings else ""
    return {"agency": agency, "state": state, "why": why, "part": 0, **group.counts,
            "reliability": 0.0}  # fmt: skip


def _sets(found: Fitted, rows: Sequence[Mapping[str, Any]], seed: int) -> dict[str, Any]:
    """Each ranked agency's confidence set of ranks, and the pairs of which one is proven better."""
    places = {name: place for place, name in enumerate(found.names)}
    own: dict[int, list[int]] = {}
    pairs: list[list[int]] = []
    try:
        estimates, covariance = evidence(found.fit)
    except CannotFit:
        return {"own": own, "pairs": pairs}
    for number in range(int(found.part.max()) + 1):
        here = [r["agency"] for r in rows if r["state"] == RANKED and r["part"] == number]
        if len(here) < 2:
            continue
        at = [places[agency] for agency in here]
        known = estimates[at], covariance[np.ix_(at, at)]
        better = proven(*known, coverage=PROOF, seed=seed)
        if len(here) <= MOST_PAIRED:
            pairs += [[here[a], here[b]] for a, b in zip(*np.nonzero(better), strict=True)]
        if len(here) <= MOST_SETS:
            low, high = marginal(*known, coverage=PROOF, seed=seed)
        else:
            low, high = 1 + better.sum(axis=0), len(here) - better.sum(axis=1)
        own |= {agency: [int(low[n]), int(high[n])] for n, agency in enumerate(here)}
    return {"own": own, "pairs": sorted(pairs)}


def _codes(inputs: Inputs) -> list[str]:
    return sorted({code for entry in inputs.entries for code in entry.stars})


def _dimension(
    inputs: Inputs, rules: Rules, code: str, places: Mapping[int, int], *, seed: int
) -> dict[str, Any] | None:
    """One dimension by the same model; only who is ranked by all of them has a rank here too."""
    groups = grouped(inputs.entries, rules, code)
    told = {agency: group for agency, group in groups.items() if group.is_told}
    try:
        _ask_enough(told)
        found = fitted(ratings_of(told.values(), rules), seed=seed)
    except CannotFit:
        return None
    ranked = np.array([name in places and told[name].has_figures for name in found.names])  # type: ignore[index] # ids
    rows = {
        str(row.agency): {
            "score": _plain(row.score),
            "low": _plain(max(1.0, row.score - Z * row.error)),
            "high": _plain(min(5.0, row.score + Z * row.error)),
            "rank": row.rank,
            "rank_low": row.low,
            "rank_high": row.high,
        }
        for row in placed(found, ranked, seed=seed, best=1)
        if row.rank
    }
    return {"overall": _plain(ledger(found.fit).overall), "rows": rows}


def workings_of(found: Fitted) -> dict[str, Any]:
    """Every rating's terms: [weight, stars, severity, difficulty, kind], by its key."""
    book, design = ledger(found.fit), found.fit.design
    nothing = np.zeros(len(found.rows))
    taken = (book.taken.get(name, nothing) for name in ("rater", "engagement", "columns"))
    columns = [design.weights, design.stars, *taken]
    terms = {
        row.key: [_plain(float(column[place])) for column in columns]
        for place, row in enumerate(found.rows)
    }
    return {"overall": _plain(book.overall), "shrinkage": _plain(book.shrinkage), "terms": terms,
            "half_life": HALF_LIFE}  # fmt: skip


def _plain(value: float) -> float:
    return round(float(value), DIGITS)
