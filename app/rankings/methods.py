"""The methods of ranking by their number, each kept for good, since an old ranking needs its own.

A new one is fitted by the newest method that the data suffice for; the parameters say which and
why. Pure; the models are loaded only where they run.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.rankings import record
from app.rankings.by_dimension import averaged
from app.rankings.grouping import Group, grouped
from app.rankings.inputs import Inputs
from app.rankings.model import METHOD as BAYES
from app.rankings.model import Rating, Rules, by_agency, counted, estimate, jobs_of, spread_of
from app.rankings.places import DRAWS, TOP
from app.rankings.record import digest, exact

MIXED = "mixed/1"
Result = dict[str, Any]
Workings = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """A computed ranking: the exact texts and what they say."""

    parameters: str  # the method file
    result: str
    workings: str
    data_digest: str

    @property
    def result_digest(self) -> str:
        """SHA-256 of the result's exact text."""
        return digest(self.result)

    @property
    def method(self) -> str:
        """The number of the method."""
        return str(json.loads(self.parameters)["method"])


def compute(inputs: Inputs, rules: Rules, period: Mapping[str, Any], *, former: bool) -> Outcome:
    """Rank by the mixed model where the data suffice, else by the Bayesian average.

    period: what else the method file tells (days, the weights' version). former: whether the
    other method's places stand beside. The same in, the same out, to the last digit.
    """
    data = inputs.digest
    common = {**asdict(rules), **period, "draws": DRAWS, "seed": int(data[:15], 16), "best": TOP}
    try:
        beside = BAYES if former else None
        return _computed(inputs, {**common, "method": MIXED, "why": "", "beside": beside}, data)
    except ValueError as error:
        why = getattr(error, "reason", "zero-variance")
        told = {**common, "method": BAYES, "why": why, "beside": None, "by_dimension": True}
        return _computed(inputs, told, data)


def replayed(inputs: Inputs, parameters: Mapping[str, Any]) -> Outcome:
    """A ranking computed anew from its own data and method file; ValueError for unknown methods."""
    return _computed(inputs, parameters, inputs.digest)


def _computed(inputs: Inputs, parameters: Mapping[str, Any], data: str) -> Outcome:
    if parameters["method"] not in METHODS:
        raise ValueError(f"this release doesn't know the method {parameters['method']!r}")
    result, workings = METHODS[parameters["method"]](inputs, parameters)
    if other := parameters["beside"]:
        result["beside"] = {"method": other, "rows": BESIDE[other](inputs, rules_of(parameters))}
    fixed = METHOD_FILES[parameters["method"]]()
    return Outcome(exact({**parameters, "constants": fixed}), exact(result), exact(workings), data)


def _averaged(inputs: Inputs, rules: Rules) -> dict[str, list[float | int]]:
    """Rank and score by the average of everybody whom it gives a place."""
    jobs = counted(jobs_of(_ratings(inputs), rules))
    spread, groups = spread_of(jobs, rules.prior_weight), grouped(inputs.entries, rules)
    if spread is None:
        return {}
    told = [estimate(key, own, spread) for key, own in by_agency(jobs).items()]
    placed = [e for e in told if e.has_place(rules) and groups[e.agency].has_figures]
    placed.sort(key=lambda each: (-each.score, each.agency))
    return {str(each.agency): [rank, each.score] for rank, each in enumerate(placed, 1)}


def _ratings(inputs: Inputs) -> list[Rating]:
    return [Rating(e.agency, e.engagement, e.party, e.stars) for e in inputs.entries]


def rules_of(parameters: Mapping[str, Any]) -> Rules:
    """The rules as the method file tells them."""
    return Rules(**{name: parameters[name] for name in Rules.__dataclass_fields__})


def _mixed(inputs: Inputs, parameters: Mapping[str, Any]) -> tuple[Result, Workings]:
    from app.rankings.modelling import result_of

    seed, best = int(parameters["seed"]), int(parameters["best"])
    return result_of(inputs, rules_of(parameters), seed=seed, best=best)


def _bayes(inputs: Inputs, parameters: Mapping[str, Any]) -> tuple[Result, Workings]:
    rules = rules_of(parameters)
    ratings, groups = _ratings(inputs), grouped(inputs.entries, rules)
    without = {agency for agency, group in groups.items() if not group.has_figures}
    seed = int(parameters["seed"])
    result = record.result_of(ratings, inputs.agencies, rules, seed, without=without)
    for row in result["rows"]:
        own = groups.get(row["agency"], Group(()))
        row |= {"raters": own.counts["raters"], "units": own.counts["units"], "part": 0}
        row |= {"why": _why(row, own, rules), "facts": dict(inputs.facts.get(row["agency"], {}))}
        row |= {"changed": True} if own.is_changed else {}
    result["raters"] = len({e.rater for group in groups.values() for e, _star in group.ratings})
    if parameters.get("by_dimension"):  # the first rankings told none
        ranked = {row["agency"] for row in result["rows"] if row["state"] == record.RANKED}
        result["dimensions"] = averaged(inputs, rules, ranked, seed=seed)
    return result, _averages(ratings, rules, groups)


def _why(row: Mapping[str, Any], own: Group, rules: Rules) -> str:
    """What an agency lacks for a place, in one word; empty where nothing, or unrated."""
    if row["state"] != record.INSUFFICIENT:
        return ""
    if not own.is_told:
        return "few-reviews"
    few = row["engagements"] < rules.min_engagements or not own.has_figures
    return "few-engagements" if few else "reliability"


def _averages(ratings: list[Rating], rules: Rules, groups: Mapping[int, Group]) -> Workings:
    """Every engagement's terms: [weight, stars, 0, 0, 0], by its key."""
    jobs = counted(jobs_of(ratings, rules))
    spread = spread_of(jobs, rules.prior_weight)
    told = [job for own in by_agency(jobs).values() for job in own] if spread else []
    raters: dict[str, set[str]] = defaultdict(set)
    for group in groups.values():
        for entry, _star in group.ratings:
            raters[entry.engagement].add(entry.rater)
    return {
        "overall": spread.overall if spread else None,
        "shrinkage": spread.shrinkage if spread else None,
        "terms": {str(job.engagement): [1.0, job.score, 0.0, 0.0, 0.0] for job in told},
        "raters": {key: sorted(own) for key, own in sorted(raters.items())},
    }


def _mixed_file() -> dict[str, Any]:
    from app.rankings.mixed import confidence_sets, severity
    from app.rankings.model import COVERAGE, FEWEST_AGENCIES, FEWEST_ENGAGEMENTS, FEWEST_REVIEWS
    from app.rankings.modelling import MONTH, PROOF

    return {
        "half_life_months": severity.HALF_LIFE,
        "days_a_month": MONTH,
        "severity_fixed_from_ratings_a_rater": severity.AMPLE,
        "severity_pooled_below_ratings": severity.FEWEST,
        "severity_test_level": severity.LEVEL,
        "severity_test_worlds": severity.WORLDS,
        "interval": COVERAGE,
        "proof": PROOF,
        "proof_draws": confidence_sets.DRAWS,
        "fewest_agencies": FEWEST_AGENCIES,
        "fewest_engagements": FEWEST_ENGAGEMENTS,
        "fewest_reviews": FEWEST_REVIEWS,
    }


def _bayes_file() -> dict[str, Any]:
    from app.rankings import model

    return {
        "interval": model.COVERAGE,
        "fewest_agencies": model.FEWEST_AGENCIES,
        "fewest_engagements": model.FEWEST_ENGAGEMENTS,
        "fewest_reviews": model.FEWEST_REVIEWS,
        "within_unknown": model.WITHIN_UNKNOWN,
        "within_floor": model.WITHIN_FLOOR,
    }


METHODS: dict[str, Callable[[Inputs, Mapping[str, Any]], tuple[Result, Workings]]] = {
    BAYES: _bayes,
    MIXED: _mixed,
}
BESIDE: dict[str, Callable[[Inputs, Rules], dict[str, list[float | int]]]] = {BAYES: _averaged}
METHOD_FILES: dict[str, Callable[[], dict[str, Any]]] = {BAYES: _bayes_file, MIXED: _mixed_file}
